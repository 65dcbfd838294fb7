/** Seals the data of customers registered before migration 0003, which introduced sealing, and empties the plain columns. */
import type { Database, Tx } from '#platform/database/database'
import type { Vault } from '#platform/vault/vault'
import type { Customer } from '../domain/customer.ts'
import { fingerprintsOf, textsOf, valuesOf } from './customer-store.ts'

type PlainCustomer = Parameters<typeof textsOf>[0] & Pick<Customer, 'id' | 'blocked_reason'>

const BATCH = 500

/** Returns how many were sealed. After an interruption it goes on where it stopped; two runs at once wait for each other. */
export async function sealPlainPeople(database: Database, vault: Vault): Promise<number> {
  for (let count = 0; ; ) {
    const sealed = await database.transaction((tx) => sealBatch(tx, vault))
    if (sealed === 0) return count
    count += sealed
  }
}

async function sealBatch(tx: Tx, vault: Vault): Promise<number> {
  const sealer = await vault.sealing(tx)
  const plain = await tx.query<PlainCustomer>(
    `select id, name, email, phone, document, to_char(birth_date, 'YYYY-MM-DD') as birth_date, driver_license, address,
       refund_pix_key, null as representative, blocked_reason
     from customers where document is not null order by id limit ${BATCH} for update`,
  )
  if (plain.length === 0) return 0
  const people = plain.map((one) => [
    ...valuesOf(sealer.sealAll('people', one.id, textsOf(one))),
    ...fingerprintsOf(vault, one),
    sealer.sealAll('customers', one.id, { blocked_reason: one.blocked_reason }).blocked_reason,
  ])
  const column = (index: number) => people.map((person) => person[index])
  await tx.query(
    `with sealed as (
       select * from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
         $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[])
         as one(id, name, email, phone, document, birth_date, driver_license, address, refund_pix_key,
           representative, document_fingerprint, email_fingerprint, blocked_reason)
     ), person as (
       insert into people (customer_id, name, email, phone, document, birth_date, driver_license, address, refund_pix_key,
         document_fingerprint, email_fingerprint)
       select id, name, email, phone, document, birth_date, driver_license, address, refund_pix_key,
         document_fingerprint, email_fingerprint from sealed
     )
     update customers set name = null, email = null, phone = null, document = null, birth_date = null,
       driver_license = null, address = null, refund_pix_key = null, blocked_reason = sealed.blocked_reason
     from sealed where customers.id = sealed.id`,
    [plain.map(({ id }) => id), ...Array.from({ length: 12 }, (_, index) => column(index))],
  )
  return plain.length
}
