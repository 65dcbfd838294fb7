/**
 * The journal: what staff and admins do. Each act is written in the transaction that does it. Acts of customers are not in
 * it: their rows carry the author, so that purchases never queue behind the chain's head.
 */
import { randomBytes } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { Queryable, Tx } from '#platform/database/database'
import { callerOf } from '#platform/http/auth'
import type { SealedTable } from '#platform/vault/reseal-store'
import type { Vault } from '#platform/vault/vault'
import { append } from '../chain/chain-store.ts'
import { type About, type Act, type Author, hashOfWords, type JournalEntry, journal, saidOf } from './acts.ts'
import { deleteWords, insertWords, type JournalRow, listAbout } from './journal-store.ts'

const SEALED = { name: 'journal_sealed', key: 'journal_id', columns: ['words'] } as const satisfies SealedTable
const PLACE = `${SEALED.name}.words`

/** In every service: the sealed columns that a new data key has to reach. */
export const journalTables: readonly SealedTable[] = [SEALED]

export function authorOf(request: FastifyRequest): Author {
  const { role, subject = role } = callerOf(request)
  return { role, subject }
}

/** Call it last in the transaction: until that ends, nobody else can add to the journal. */
export async function writeJournal(tx: Tx, vault: Vault, acts: readonly Act[]): Promise<void> {
  const told = acts.map((act) => {
    const { personal } = act
    const words = personal && JSON.stringify({ salt: randomBytes(16).toString('base64url'), ...personal })
    return { said: saidOf(act, words), words }
  })
  const sealer = told.some(({ words }) => words !== undefined) ? await vault.sealing(tx) : undefined
  const entries = await append(
    tx,
    journal,
    told.map(({ said }) => said),
  )
  const sealed = entries.flatMap(({ id }, index) => {
    const words = told[index]?.words
    return words === undefined || !sealer ? [] : [{ id, words: sealer.seal(PLACE, id, words) }]
  })
  if (sealed.length > 0) insertWords(tx, sealed)
}

type Personal = NonNullable<Act['personal']>

/** An entry with its sealed values: `gone` when their person was erased, `unreadable` when they were tampered with or their key is lost. */
export type OpenEntry = JournalEntry & { readonly personal: Personal | 'none' | 'gone' | 'unreadable' }

/** Newest first, from the one before `before`. A damaged row loses its values, and does not break the page. */
export async function historyOf(
  tx: Queryable,
  vault: Vault,
  [about, about_id]: readonly [About, number | string],
  before: number,
  limit: number,
): Promise<OpenEntry[]> {
  const rows = await listAbout(tx, about, String(about_id), before, limit)
  return Promise.all(
    rows.map(async ({ words, ...entry }) => ({ ...entry, personal: await opened(vault, entry, words) })),
  )
}

async function opened(vault: Vault, entry: JournalEntry, sealed: JournalRow['words']): Promise<OpenEntry['personal']> {
  if (entry.sealed_hash === null) return 'none'
  if (sealed === null) return 'gone'
  try {
    const words = await vault.open(PLACE, entry.id, sealed)
    if (hashOfWords(words) !== entry.sealed_hash) return 'unreadable'
    const { salt: _, ...personal } = JSON.parse(words)
    return personal
  } catch {
    return 'unreadable'
  }
}

/** Removes the personal values of the acts about it. The acts, their authors and their times stay. */
export const forgetActsAbout = (tx: Tx, about: About, about_id: number | string): Promise<void> =>
  deleteWords(tx, about, String(about_id))
