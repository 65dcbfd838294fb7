/** Retention with a moved clock: who is erased automatically, who is not, and that it goes in small steps. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tidyUp } from '#host'
import { systemClock, systemIds } from '#platform/clock'
import { readConfig } from '#platform/config'
import { testDatabase } from '../../../tests/fixtures/database.ts'
import { findAccounts, insertCustomer } from '../customers/customer-store.ts'
import { periodsOf, retentionChores } from './retention.ts'

const { database, vault, unitOfWork } = await testDatabase(new URL('../migrations/', import.meta.url))

const DAY_MS = 86_400_000
/** Moves on when a test says so. */
const clock = { ahead: 0, now: () => new Date(systemClock.now().getTime() + clock.ahead) }
const config = readConfig({ RETENTION_INACTIVE_DAYS: '100' })
const elsewhere = async () => ({ handedOver: [], counter_debt_cents: 0, owed_back_cents: 0 })
const parts = { unitOfWork, vault, clock, ids: systemIds, periods: periodsOf(config), database, elsewhere }
const tidy = (chores = retentionChores(parts, config.RETENTION_INACTIVE_DAYS)) => tidyUp({ database, clock, chores })

async function customer(account_balance_cents = 0): Promise<number> {
  const unique = systemIds.uuid()
  const nothing = { birth_date: null, driver_license: null, address: null, refund_pix_key: null, representative: null }
  const given = { name: 'Ana Souza', email: `${unique}@example.com`, phone: '+5511987654321', document: unique }
  const money = { account_balance_cents, credit_limit_cents: 0 }
  const all = { ...given, ...nothing, ...money, consents: null }
  return (await database.transaction((tx) => insertCustomer(tx, vault, all, clock.now()))).id
}

const isErased = async (id: number) => (await findAccounts(database, [id]))[0]?.status === 'erased'

const hold = (customer_id: number, status: string) =>
  database.query(
    `insert into credit_holds (transaction_id, customer_id, payment_type, amount_cents, status, created_at, updated_at)
     values ($1, $2, 'pix', 100, $3, $4, $4)`,
    [systemIds.uuid(), customer_id, status, clock.now()],
  )

test('the periods are those of the law unless the configuration says otherwise', () => {
  const days = (environment: Record<string, string>) =>
    Object.values(periodsOf(readConfig(environment))).map((period) => period / DAY_MS)
  assert.deepEqual(days({}), [1_827, 4_018, 1_827])
  assert.deepEqual(
    days({ RETENTION_COAF_DAYS: '1', RETENTION_FISCAL_DAYS: '2', RETENTION_CLAIMS_DAYS: '3' }),
    [1, 2, 3],
  )
})

test('whoever has nothing here and has done nothing for that long is erased, and nobody else', async () => {
  const [idle, rich, buying, lately] = [await customer(), await customer(100), await customer(), await customer()]
  await hold(buying, 'held')
  clock.ahead = 99 * DAY_MS
  await hold(lately, 'released')
  assert.equal((await tidy())['inactive customers'], 0)

  clock.ahead = 101 * DAY_MS
  const fresh = await customer()
  assert.equal((await tidy())['inactive customers'], 1)
  assert.deepEqual(await Promise.all([idle, rich, buying, lately, fresh].map(isErased)), [
    true,
    false,
    false,
    false,
    false,
  ])
  clock.ahead = 0
})

test('many are erased in small steps, and the numbers behind the last one come round again', async () => {
  const many = await Promise.all(Array.from({ length: 230 }, () => customer()))
  clock.ahead = 101 * DAY_MS
  const chores = retentionChores(parts, config.RETENTION_INACTIVE_DAYS)
  await tidy(chores)
  assert.deepEqual(new Set(await Promise.all(many.map(isErased))), new Set([true]))
  const late = await customer()
  clock.ahead = 203 * DAY_MS
  await tidy(chores)
  assert.equal(await isErased(late), true)
  clock.ahead = 0
})

test('a chore that fails keeps no other from being done', async () => {
  const done: string[] = []
  const chore = (what: string, remove: () => Promise<number>) => ({ what, keepForMs: 0, remove })
  const failing = chore('failing', () => Promise.reject(new Error('no luck')))
  const next = chore('next', () => {
    done.push('next')
    return Promise.resolve(0)
  })
  await assert.rejects(tidy([failing, next]), /no luck/)
  assert.deepEqual(done, ['next'])
})
