/** The twin of messaging/dead-letters.ts in memory. */
import type * as real from '../../messaging/dead-letters.ts'
import { type MemoryTx, on, staged, type Table } from './memory.ts'

export * from '../../messaging/dead-letters.ts'

export const deadLetters: Table<real.KeptDeadLetter> = { name: 'dead_letters' }

const EPOCH = new Date(0)

export const park: typeof real.park = (tx, { subscription, message, reason, attempts }) =>
  on(tx, (memory) => {
    const known = named(memory, subscription, message.message_id)
    if (known && known.status !== 'replayed') return
    const id = known?.id ?? memory.nextId()
    const kept = JSON.parse(JSON.stringify(message)) as typeof message
    memory.upsert(deadLetters, id, (before) => ({
      ...{ tried_at: null, tried_by: null, settled_because: null, ...before },
      ...{ id, subscription, message: kept, reason, attempts, at: EPOCH },
      ...{ status: 'waiting' as const, settled_at: null, settled_by: null },
    }))
  })

const named = (tx: MemoryTx, subscription: string, message_id: string) =>
  [...tx.rows(deadLetters).values()].find(
    (letter) => letter.subscription === subscription && letter.message.message_id === message_id,
  )

export const lockDeadLetter: typeof real.lockDeadLetter = (tx, id) =>
  on(tx, ({ get }) => get(deadLetters, id), [deadLetters, () => [id]])

export const markReplayed: typeof real.markReplayed = (tx, id, { by, now }) => {
  const settled = { status: 'replayed', settled_at: now, settled_by: by, settled_because: null } as const
  staged(tx).update(deadLetters, id, (row) => ({ ...row, ...settled, attempts: row.attempts + 1 }))
}

export const noteFailure: typeof real.noteFailure = (database, id, reason, { by, now }) =>
  on(database, (tx) => {
    tx.update(deadLetters, id, (row) => noted(row, reason, by, now))
    const row = tx.get(deadLetters, id)
    return row && row.status !== 'replayed' ? noted(row, reason, by, now) : undefined
  })

const noted = (row: real.KeptDeadLetter, reason: string, by: string, now: Date): real.KeptDeadLetter =>
  row.status === 'replayed' ? row : { ...row, reason, attempts: row.attempts + 1, tried_at: now, tried_by: by }

export const discard: typeof real.discard = (database, id, because, { by, now }) =>
  on(database, (tx) => {
    const settled = { status: 'discarded', settled_at: now, settled_by: by, settled_because: because } as const
    tx.update(deadLetters, id, (row) => (row.status === 'waiting' ? { ...row, ...settled } : row))
    return tx.get(deadLetters, id)
  })
