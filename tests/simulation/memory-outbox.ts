/** The twin of messaging/outbox/outbox.ts in memory: the rows of one transaction's messages. */
import type { Message } from '#contracts'
import type * as real from '../../messaging/outbox/outbox.ts'
import { on, staged, type Table } from './memory.ts'

export * from '../../messaging/outbox/outbox.ts'

export const outbox: Table<real.OutboxRow> = { name: 'outbox' }

export const writeOutbox: typeof real.writeOutbox = (tx, id, messages) => {
  staged(tx).insert(outbox, id, { id, messages: JSON.parse(JSON.stringify(messages)) as Message[] })
}

export const removeSent: typeof real.removeSent = (database, ids) =>
  on(database, (tx) => {
    for (const id of ids) tx.remove(outbox, id)
    return []
  })
