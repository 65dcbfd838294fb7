/** Writes an act of staff or an admin on a purchase to the journal, in the transaction of the act. */
import type { FastifyRequest } from 'fastify'
import { authorOf, writeJournal } from '#host'
import type { Clock } from '#platform/clock'
import type { Vault } from '#platform/vault/vault'
import type { Witness } from '../runner/decide-batch.ts'

export interface WitnessParts {
  readonly vault: Vault
  readonly clock: Clock
}

export const witnessOf =
  (
    { vault, clock }: WitnessParts,
    request: FastifyRequest,
    act: string,
    transaction_id: string,
    reason: string | null,
  ): Witness =>
  (tx) =>
    writeJournal(tx, vault, [
      { by: authorOf(request), at: clock.now(), act, about: 'purchase', about_id: transaction_id, reason },
    ])
