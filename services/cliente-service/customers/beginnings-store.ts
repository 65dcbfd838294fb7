/**
 * The SQL by which staff find customers by a part of their name, which lies sealed: keyed hashes of the beginnings of its words.
 * They tell those who have the database alone which customers share a beginning, and how often it occurs, which for common
 * names can be guessed (docs/data-at-rest.md); an erasure empties them.
 */
import type { Database, Queryable, Tx } from '#platform/database/database'
import type { Vault } from '#platform/vault/vault'
import { beginningsOf } from '../domain/name-beginnings.ts'

const printsOf = (vault: Vault, beginnings: readonly string[]) =>
  beginnings.map((beginning) => vault.fingerprint('people.name_beginning', beginning))

/**
 * Replaces the previous ones. Null: the person is gone. Two statements, one after the other: in one, both would touch the
 * same rows.
 */
export async function writeBeginnings(tx: Tx, vault: Vault, id: number, name: string | null): Promise<void> {
  await tx.query(`delete from name_beginnings where customer_id = $1`, [id])
  await tx.query(
    `with told as (insert into name_beginnings (customer_id, print) select $1, print from unnest($2::text[]) as print)
     update people set has_beginnings = true where customer_id = $1 and not has_beginnings`,
    [id, printsOf(vault, name === null ? [] : beginningsOf(name))],
  )
}

/** The customers who have a word with each of these beginnings, from the id behind `after` on. */
export async function idsByBeginnings(
  tx: Queryable,
  vault: Vault,
  sought: readonly string[],
  after: number,
  limit: number,
): Promise<number[]> {
  const rows = await tx.query<{ customer_id: number }>(
    `select customer_id from name_beginnings where print = any($1::text[]) and customer_id > $2
     group by customer_id having count(*) = $3 order by customer_id limit $4`,
    [printsOf(vault, sought), after, sought.length, limit],
  )
  return rows.map(({ customer_id }) => customer_id)
}

const BATCH = 200

/**
 * Fills the beginnings of customers registered before migration 0018, which introduced them. Returns how many. After an
 * interruption it goes on where it stopped.
 */
export async function fillBeginnings(database: Database, vault: Vault): Promise<number> {
  for (let count = 0; ; ) {
    const filled = await database.transaction((tx) => fillBatch(tx, vault))
    if (filled === 0) return count
    count += filled
  }
}

async function fillBatch(tx: Tx, vault: Vault): Promise<number> {
  const rows = await tx.query<{ customer_id: number; name: string; is_erased: boolean }>(
    `select customer_id, people.name, status = 'erased' as is_erased from people join customers on customers.id = customer_id
     where not has_beginnings order by customer_id limit ${BATCH} for update of people`,
  )
  for (const { customer_id, name: sealed, is_erased } of rows) {
    const { name } = await vault.openAll('people', customer_id, { name: sealed })
    await writeBeginnings(tx, vault, customer_id, is_erased ? null : name)
  }
  return rows.length
}
