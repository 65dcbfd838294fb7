/** The personal data of customers in the database: sealed, even for those who were registered before there was a vault. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { databaseBefore, testDatabase } from '../../../tests/fixtures/database.ts'
import { findCustomers, insertCustomer } from './customer-store.ts'
import { sealPlainPeople } from './plain-people-store.ts'

const MIGRATIONS = new URL('../migrations/', import.meta.url)
const EARLIER = 730

const ana = {
  name: 'Ana Souza',
  email: 'ana.souza@example.com',
  phone: '+5511987654321',
  document: '52998224725',
  birth_date: '1990-03-14',
  driver_license: '00000000119',
  address: {
    postal_code: '01310100',
    street: 'Avenida Paulista',
    number: '1',
    district: 'BV',
    city: 'SP',
    state: 'SP',
  },
  refund_pix_key: 'v1.1.not-sealed-but-typed-so',
  representative: { name: 'Rita Moura', document: '11144477735' },
  consents: { marketing: true },
  account_balance_cents: 100,
  credit_limit_cents: 0,
}

test('nothing of a person lies open, and all of it comes back', async () => {
  const { database, vault } = await testDatabase(MIGRATIONS)
  const { id } = await database.transaction((tx) => insertCustomer(tx, vault, ana, new Date()))
  const rows = await database.query<object>(
    `select to_jsonb(people) - 'customer_id' as all from people union all select to_jsonb(customers) from customers`,
  )
  const text = JSON.stringify(rows)
  for (const { address, representative, consents, account_balance_cents, credit_limit_cents, ...texts } of [ana])
    for (const value of [
      ...Object.values(texts),
      ...Object.values({ ...address, ...representative }).filter((one) => one.length > 2),
    ])
      assert.ok(!text.includes(value), value)
  const [found] = await findCustomers(database, vault, [id])
  assert.ok(found)
  const { account_balance_cents, credit_limit_cents, ...person } = ana
  for (const [field, value] of Object.entries(person))
    assert.deepEqual(found[field as keyof typeof found], value, field)
})

test('a value that was moved to another customer does not open', async () => {
  const { database, vault } = await testDatabase(MIGRATIONS)
  const one = await database.transaction((tx) => insertCustomer(tx, vault, ana, new Date()))
  const other = { ...ana, document: '11144477735', email: 'bia@example.com' }
  const { id } = await database.transaction((tx) => insertCustomer(tx, vault, other, new Date()))
  await database.query(
    `update people set phone = (select phone from people where customer_id = $1) where customer_id = $2`,
    [one.id, id],
  )
  await assert.rejects(findCustomers(database, vault, [id]))
})

test('customers from before are sealed at the next start, however often it is cut off and by however many', async () => {
  const { database, upgrade } = await databaseBefore(MIGRATIONS, '0003')
  await database.query(
    `insert into customers (name, email, phone, document, account_balance_cents, credit_limit_cents, birth_date,
       driver_license, address, refund_pix_key, consents, status, blocked_reason, created_at, updated_at)
     select 'Ana Souza', 'Ana' || n || '@example.com', '+5511987654321', 'D' || n, 100, 0, '1990-03-14', null, $1, $2, $3,
       case when n % 2 = 0 then 'blocked' else 'active' end, case when n % 2 = 0 then 'Chargeback' end, now(), now()
     from generate_series(1, $4::int) as n`,
    [ana.address, ana.refund_pix_key, ana.consents, EARLIER],
  )
  const vault = await upgrade()
  let left = 620
  const dying = {
    ...vault,
    async sealing(tx: Parameters<typeof vault.sealing>[0]) {
      const sealer = await vault.sealing(tx)
      return {
        ...sealer,
        sealAll(...given: Parameters<typeof sealer.sealAll>) {
          if (given[0] === 'people' && left-- === 0) throw new Error('the process died')
          return sealer.sealAll(...given)
        },
      } as typeof sealer
    },
  }
  await assert.rejects(sealPlainPeople(database, dying), /died/)
  const counts = await Promise.all([sealPlainPeople(database, vault), sealPlainPeople(database, vault)])
  assert.equal(counts[0] + counts[1], EARLIER - 500)
  assert.equal(await sealPlainPeople(database, vault), 0)

  const plain = await database.query(
    `select from customers where num_nonnulls(name, email, phone, document, birth_date, driver_license, address, refund_pix_key) > 0`,
  )
  assert.equal(plain.length, 0)
  for (const id of [1, 2, 500, 501, EARLIER]) {
    const [found] = await findCustomers(database, vault, [id])
    assert.deepEqual(
      [found?.document, found?.email, found?.birth_date, found?.address, found?.refund_pix_key, found?.blocked_reason],
      [`D${id}`, `Ana${id}@example.com`, ana.birth_date, ana.address, ana.refund_pix_key, id % 2 ? null : 'Chargeback'],
    )
  }
  const taken = database.transaction((tx) => insertCustomer(tx, vault, { ...ana, document: 'D7' }, new Date()))
  await assert.rejects(taken, /customers_document_unique/)
  const known = database.transaction((tx) =>
    insertCustomer(tx, vault, { ...ana, email: 'ana730@example.com' }, new Date()),
  )
  await assert.rejects(known, /customers_email_unique/)
})
