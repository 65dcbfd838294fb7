/** Messages that could not be handled, kept with their reason until an operator has dealt with them. */
import type { Message } from '#contracts'
import type { Queryable, Tx } from '#platform/database/database'
import { totalOf } from '#platform/database/total'
import type { BatchHandler } from './bus.ts'
import type { UnitOfWork } from './outbox/unit-of-work.ts'

export interface DeadLetter {
  readonly subscription: string
  readonly message: Message
  readonly reason: string
  /** How often it was tried, an operator's replays included. */
  readonly attempts: number
}

type DeadLetterStatus = 'waiting' | 'replayed' | 'discarded'

export interface KeptDeadLetter extends DeadLetter {
  readonly id: number
  readonly status: DeadLetterStatus
  /** When it was parked. */
  readonly at: Date
  /** The last replay that failed. */
  readonly tried_at: Date | null
  readonly tried_by: string | null
  readonly settled_at: Date | null
  readonly settled_by: string | null
  readonly settled_because: string | null
}

const COLUMNS = `id, subscription, message, reason, attempts, status, at, tried_at, tried_by, settled_at, settled_by,
  settled_because`

/**
 * Parking the same message again keeps the first reason. A letter that was given up stays given up. One that was replayed
 * waits again, because its copy could not be handled.
 */
export async function park(tx: Tx, { subscription, message, reason, attempts }: DeadLetter): Promise<void> {
  await tx.query(
    `insert into dead_letters (subscription, message_id, message, reason, attempts) values ($1, $2, $3, $4, $5)
     on conflict (subscription, message_id) do update set status = 'waiting', reason = excluded.reason,
       attempts = excluded.attempts, at = excluded.at, settled_at = null, settled_by = null
     where dead_letters.status = 'replayed'`,
    [subscription, message.message_id, JSON.stringify(message), reason, attempts],
  )
}

/** Parks the messages that the transport itself gave up on, so that an operator finds all dead letters in one place. */
export const parkGivenUp =
  (unitOfWork: UnitOfWork, onParked: () => void = () => {}): BatchHandler =>
  async (batch) => {
    await unitOfWork(async (tx) => {
      for (const { message, attempt, givenUp, unreadable } of batch) {
        const { subscription = 'unknown', attempts = attempt } = givenUp ?? {}
        const reason = unreadable ?? `delivered ${attempts} times without an answer`
        await park(tx, { subscription, message, reason, attempts })
      }
    })
    for (const _parked of batch) onParked()
    return []
  }

export interface DeadLetterFilter {
  readonly status: DeadLetterStatus
  readonly subscription?: string
}

/** Newest first; `before` is the last id of the page before. */
export const listDeadLetters = (
  tx: Queryable,
  { status, subscription }: DeadLetterFilter,
  before: number | null,
  limit: number,
) =>
  tx.query<KeptDeadLetter>(
    `select ${COLUMNS} from dead_letters
     where status = $1 and ($2::text is null or subscription = $2) and ($3::bigint is null or id < $3)
     order by id desc limit $4`,
    [status, subscription ?? null, before, limit],
  )

/** As exact as `totalOf`. */
export const countDeadLetters = (tx: Queryable, { status, subscription }: DeadLetterFilter): Promise<number> =>
  totalOf(tx, `select from dead_letters where status = $1 and ($2::text is null or subscription = $2)`, [
    status,
    subscription ?? null,
  ])

export async function findDeadLetter(tx: Queryable, id: number): Promise<KeptDeadLetter | undefined> {
  const [found] = await tx.query<KeptDeadLetter>(`select ${COLUMNS} from dead_letters where id = $1`, [id])
  return found
}

/** Locks it: of two operators, the second waits until the first is done, and sees the outcome. */
export async function lockDeadLetter(tx: Tx, id: number): Promise<KeptDeadLetter | undefined> {
  const [found] = await tx.query<KeptDeadLetter>(`select ${COLUMNS} from dead_letters where id = $1 for update`, [id])
  return found
}

export interface Operator {
  readonly by: string
  readonly now: Date
}

export const markReplayed = (tx: Tx, id: number, { by, now }: Operator): void =>
  tx.write(
    `update dead_letters set status = 'replayed', settled_at = $2, settled_by = $3, settled_because = null,
       attempts = attempts + 1 where id = $1`,
    [id, now, by],
  )

/** Keeps why a replay failed; returns the letter as it is now, or undefined when it was settled meanwhile. */
export async function noteFailure(
  database: Queryable,
  id: number,
  reason: string,
  { by, now }: Operator,
): Promise<KeptDeadLetter | undefined> {
  const [noted] = await database.query<KeptDeadLetter>(
    `update dead_letters set reason = $2, attempts = attempts + 1, tried_at = $3, tried_by = $4
     where id = $1 and status <> 'replayed' returning ${COLUMNS}`,
    [id, reason, now, by],
  )
  return noted
}

/** Gives it up, unless it is settled. Returns the letter as it is now. */
export async function discard(
  database: Queryable,
  id: number,
  because: string,
  { by, now }: Operator,
): Promise<KeptDeadLetter | undefined> {
  const [discarded] = await database.query<KeptDeadLetter>(
    `update dead_letters set status = 'discarded', settled_at = $2, settled_by = $3, settled_because = $4
     where id = $1 and status = 'waiting' returning ${COLUMNS}`,
    [id, now, by, because],
  )
  return discarded ?? findDeadLetter(database, id)
}

/** How many wait, by subscription. */
export const countWaiting = (database: Queryable) =>
  database.query<{ subscription: string; waiting: number }>(
    `select subscription, count(*) as waiting
     from (select subscription from dead_letters where status = 'waiting' limit 100000) as waiting group by subscription`,
  )
