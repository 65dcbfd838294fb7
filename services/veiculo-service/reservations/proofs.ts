/**
 * Whether a purchase that asks for its vehicle is paid: it carries a proof that pagamento-service has signed. The orquestrador's token alone
 * sells nothing. The key to check by is fetched once, and again when a proof does not fit it.
 */
import type { KeyObject } from 'node:crypto'
import { Compile } from 'typebox/compile'
import { PaymentProofKey } from '#contracts'
import type { Clock } from '#platform/clock'
import type { Database } from '#platform/database/database'
import { PeerFault } from '#platform/peers'
import { checkingKey, proves } from '#platform/tokens/payment-proof'
import { needsNoProof } from './proof-store.ts'

export interface ProofParts {
  readonly database: Database
  readonly clock: Clock
  readonly addressOf: (service: string) => string
}

interface AskedSale {
  readonly transaction_id: string
  readonly payment_proof?: string
}

/** Throws PeerFault while the key cannot be fetched; the caller may try again. */
export type IsPaid = (sale: AskedSale) => Promise<boolean>

const OWNER = 'pagamento-service'
const PATIENCE_MS = 5_000
/** Whoever sends bad proofs must not have the key fetched for each. */
const FETCH_EVERY_MS = 30_000
const Key = Compile(PaymentProofKey)

export function proofs({ database, clock, addressOf }: ProofParts): IsPaid {
  let known: { readonly key: Promise<KeyObject>; readonly at: number } | undefined

  function fetched(): Promise<KeyObject> {
    const asked = { key: fetchKey(addressOf(OWNER)), at: clock.now().getTime() }
    known = asked
    asked.key.catch(() => {
      if (known === asked) known = undefined
    })
    return asked.key
  }

  return async ({ transaction_id, payment_proof }) => {
    if (payment_proof === undefined) return needsNoProof(database, transaction_id)
    if (proves(await (known?.key ?? fetched()), transaction_id, payment_proof)) return true
    if (known && clock.now().getTime() - known.at < FETCH_EVERY_MS) return false
    return proves(await fetched(), transaction_id, payment_proof)
  }
}

async function fetchKey(address: string): Promise<KeyObject> {
  try {
    const response = await fetch(`${address}/payment-proofs/key`, { signal: AbortSignal.timeout(PATIENCE_MS) })
    const content: unknown = await response.json()
    if (!response.ok || !Key.Check(content)) throw new Error(`${OWNER} answered ${response.status}`)
    return checkingKey(content.x)
  } catch (cause) {
    throw new PeerFault(`${OWNER} did not tell its key`, { cause })
  }
}
