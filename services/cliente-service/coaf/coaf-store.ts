/** The SQL of COAF notes. Only this file seals and opens what they say. */
import type { Queryable, Tx } from '#platform/database/database'
import type { SealedTable } from '#platform/vault/reseal-store'
import type { Vault } from '#platform/vault/vault'

const NOTES = { name: 'coaf_notes', key: 'id', columns: ['words'] } as const satisfies SealedTable
export const sealedNotes: SealedTable = NOTES
const PLACE = `${NOTES.name}.words`

export interface NewNote {
  readonly customer_id: number
  readonly kind: 'note' | 'report'
  readonly words: string
  readonly transaction_id: string | null
  readonly protocol: string | null
  readonly written_by: string
  readonly at: Date
}

export interface CoafNote extends Omit<NewNote, 'words'> {
  readonly id: number
  /** Null when it was damaged, or its key is lost: that costs the note, not the page. */
  readonly words: string | null
}

export async function insertNote(tx: Tx, vault: Vault, note: NewNote): Promise<CoafNote> {
  const [sealer, [next]] = await Promise.all([
    vault.sealing(tx),
    tx.query<{ id: number }>(`select nextval(pg_get_serial_sequence('coaf_notes', 'id')) as id`),
  ])
  if (!next) throw new Error('the sequence has no number')
  const { customer_id, kind, words, transaction_id, protocol, written_by, at } = note
  await tx.query(
    `insert into coaf_notes (id, customer_id, kind, words, transaction_id, protocol, written_by, at)
     overriding system value values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [next.id, customer_id, kind, sealer.seal(PLACE, next.id, words), transaction_id, protocol, written_by, at],
  )
  return { ...note, id: next.id }
}

/** Newest first. */
export async function notesOn(tx: Queryable, vault: Vault, customer_id: number, limit: number): Promise<CoafNote[]> {
  const rows = await tx.query<CoafNote & { readonly words: string }>(
    `select id, customer_id, kind, words, transaction_id, protocol, written_by, at
     from coaf_notes where customer_id = $1 order by id desc limit $2`,
    [customer_id, limit],
  )
  return Promise.all(
    rows.map(async (row) => ({ ...row, words: await vault.open(PLACE, row.id, row.words).catch(() => null) })),
  )
}

/** Removes up to `limit` that were written before then; returns how many. */
export async function removeNotes(tx: Queryable, before: Date, limit: number): Promise<number> {
  const removed = await tx.query(
    `delete from coaf_notes where id in (select id from coaf_notes where at < $1 order by id limit $2) returning id`,
    [before, limit],
  )
  return removed.length
}
