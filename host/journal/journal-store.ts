/** The SQL of the journal, beside that of its chain. */
import type { Queryable, Tx } from '#platform/database/database'
import { totalOf } from '#platform/database/total'
import { columnsOf } from '../chain/chain-store.ts'
import { type JournalEntry, journal } from './acts.ts'

export type JournalRow = JournalEntry & { readonly words: string | null }

export const insertWords = (tx: Tx, sealed: readonly { readonly id: number; readonly words: string }[]): void =>
  tx.write(`insert into journal_sealed (journal_id, words) select * from unnest($1::bigint[], $2::text[])`, [
    sealed.map(({ id }) => id),
    sealed.map(({ words }) => words),
  ])

/** Newest first. */
export const listAbout = (tx: Queryable, about: string, about_id: string, before: number, limit: number) =>
  tx.query<JournalRow>(
    `select ${columnsOf(journal)}, words from journal left join journal_sealed on journal_id = id
     where about = $1 and about_id = $2 and id < $3 order by id desc limit $4`,
    [about, about_id, before, limit],
  )

/** As exact as `totalOf`. */
export const countAbout = (tx: Queryable, about: string, about_id: string): Promise<number> =>
  totalOf(tx, `select from journal where about = $1 and about_id = $2`, [about, about_id])

/** The service's role may not delete there, so a function of the owner does it. */
export async function deleteWords(tx: Tx, about: string, about_id: string): Promise<void> {
  await tx.query(`select forget_journal_words($1, $2)`, [about, about_id])
}
