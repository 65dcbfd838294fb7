/**
 * `Idempotency-Key` on HTTP: an answer is kept in the same transaction as the effect that it tells of, so a request
 * that comes twice (a double click, a retry after a lost answer, a crash in between) has one effect and one answer.
 * Refusals are not kept: nothing happened, so the request may be tried again under the same key.
 */
import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { callerOf } from '#platform/auth'
import type { Queryable, Tx } from '#platform/database'
import { Problem } from '#platform/problem-json'

/** The `headers` schema of a route that takes the key. */
export const IdempotencyHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      pattern: '^[\\x21-\\x7e]+$',
      description: 'The same key and body give the same answer again, without a second effect; kept for at least a day',
    }),
  ),
})

/** Keeps the answer in the transaction of its effect, and returns it. */
export type Keep<Answer> = (tx: Tx, answer: Answer) => Answer

/**
 * Answers from what is kept under the caller's key, or does the work, which must pass its answer through `keep` in its
 * transaction. Of two at once, the one that commits second fails on the key, and gets the first one's answer.
 */
export async function once<Answer extends object>(
  request: FastifyRequest,
  database: Queryable,
  work: (keep: Keep<Answer>) => Promise<Answer>,
): Promise<Answer> {
  const key = request.headers['idempotency-key']
  if (typeof key !== 'string') return work((_tx, answer) => answer)
  const scope = scopeOf(request)
  const hash = createHash('sha256').update(JSON.stringify(request.body)).digest('base64url')
  const known = await recall<Answer>(database, scope, key, hash)
  if (known) return known
  try {
    return await work((tx, answer) => {
      tx.write(`insert into idempotency_keys (scope, key, request_hash, answer) values ($1, $2, $3, $4)`, [
        scope,
        key,
        hash,
        JSON.stringify(answer),
      ])
      return answer
    })
  } catch (error) {
    const keptMeanwhile = await recall<Answer>(database, scope, key, hash)
    if (keptMeanwhile) return keptMeanwhile
    throw error
  }
}

async function recall<Answer>(database: Queryable, scope: string, key: string, hash: string) {
  const [kept] = await database.query<{ request_hash: string; answer: Answer }>(
    `select request_hash, answer from idempotency_keys where scope = $1 and key = $2`,
    [scope, key],
  )
  if (kept && kept.request_hash !== hash) throw new Problem('idempotency_key_reused')
  return kept?.answer
}

/** A key is its caller's own, also among those of one role, and counts for one route. */
function scopeOf(request: FastifyRequest): string {
  const { role, customer_id, subject = '' } = callerOf(request)
  return `${role}:${customer_id ?? subject} ${request.method} ${request.routeOptions.url}`
}
