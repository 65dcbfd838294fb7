/**
 * `Idempotency-Key` on HTTP: an answer is kept in the same transaction as the effect that it tells of, so a request
 * that comes twice (a double click, a retry after a lost answer, a crash in between) has one effect and one answer.
 * Refusals are not kept: nothing happened, so the request may be tried again under the same key.
 */
import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Queryable, Tx } from '#platform/database/database'
import { callerOf } from '#platform/http/auth'
import { addressKey } from '#platform/http/client-address'
import { Problem } from '#platform/problem'
import type { Vault } from '#platform/vault/vault'

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

/** Keeps the answer in the transaction of its effect, and returns it. It may tell about the caller, or about another customer. */
export type Keep<Answer> = (tx: Tx, answer: Answer, customer_id?: number) => Answer

export interface Desk {
  readonly database: Queryable
  readonly vault: Vault
}

/**
 * Answers from what is kept under the caller's key, or does the work, which must pass its answer through `keep` in its
 * transaction. If two requests come at the same time, the second to commit fails on the key, and gets the first one's answer.
 * Answers tell about people, so they are kept sealed. Only a keyed hash of the request is kept.
 */
export async function once<Answer extends object>(
  request: FastifyRequest,
  desk: Desk,
  work: (keep: Keep<Answer>) => Promise<Answer>,
): Promise<Answer> {
  const key = request.headers['idempotency-key']
  if (typeof key !== 'string') return work((_tx, answer) => answer)
  const asked = { scope: scopeOf(request), key, body: JSON.stringify(request.body) }
  const known = await recall<Answer>(desk, asked)
  if (known) return known
  try {
    return await work((tx, answer, customer_id = callerOf(request).customer_id) => {
      const sealed = desk.vault.sealingBriefly().seal(ANSWER, rowOf(asked), JSON.stringify(answer))
      tx.write(
        `insert into idempotency_keys (scope, key, request_hash, answer, customer_id)
         values ($1, $2, $3, to_json($4::text), $5)`,
        [asked.scope, key, desk.vault.fingerprint('idempotency_keys.request', asked.body), sealed, customer_id ?? null],
      )
      return answer
    })
  } catch (error) {
    const keptMeanwhile = await recall<Answer>(desk, asked)
    if (keptMeanwhile) return keptMeanwhile
    throw error
  }
}

/** Removes the answers that hold data of these people. */
export async function forgetAnswers(tx: Queryable, customer_ids: readonly number[]): Promise<void> {
  await tx.query(`delete from idempotency_keys where customer_id = any($1::bigint[])`, [customer_ids])
}

interface Asked {
  readonly scope: string
  readonly key: string
  readonly body: string
}

const ANSWER = 'idempotency_keys.answer'

const rowOf = ({ scope, key }: Asked) => `${scope} ${key}`

/** Answers from before they were sealed are objects, and the hashes of their requests have no key; both are gone after two days. */
async function recall<Answer>({ database, vault }: Desk, asked: Asked): Promise<Answer | undefined> {
  const [kept] = await database.query<{ request_hash: string; answer: string | Answer }>(
    `select request_hash, answer from idempotency_keys where scope = $1 and key = $2`,
    [asked.scope, asked.key],
  )
  if (!kept) return undefined
  const { answer, request_hash } = kept
  const hash =
    typeof answer === 'string'
      ? vault.fingerprint('idempotency_keys.request', asked.body)
      : createHash('sha256').update(asked.body).digest('base64url')
  if (request_hash !== hash) throw new Problem('idempotency_key_reused')
  return typeof answer === 'string' ? JSON.parse(await vault.open(ANSWER, rowOf(asked), answer)) : answer
}

/** A key belongs to one caller, not to a role, and counts for one route. Without a token it belongs to the caller's address. */
function scopeOf(request: FastifyRequest): string {
  const { role, customer_id, subject = addressKey(request.ip) } = callerOf(request)
  return `${role}:${role === 'customer' ? customer_id : subject} ${request.method} ${request.routeOptions.url}`
}
