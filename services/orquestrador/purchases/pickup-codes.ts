/** Pickup codes in the orquestrador: kept sealed from the sale until the pickup, and opened for their buyer. */
import { vehiclePickedUp } from '#contracts'
import { handler, type MessageHandler } from '#messaging'
import type { Vault } from '#platform/vault/vault'
import type { CallMaker } from '../runner/calls.ts'
import type { StoredSaga } from '../runner/saga-store.ts'
import { forgetCodes, PLACE } from './pickup-code-store.ts'

/** A saga with its code opened; a code that was not opened is not shown. */
export type ShownSaga = StoredSaga & { readonly shown_code?: string | undefined }

/** Seals the answer of the sale before the saga sees it. As in veiculo-service, no purchase asks the database for the current key. */
export const sealingAnswers =
  (vault: Vault, sell: CallMaker): CallMaker =>
  async (name, transaction_id, request) => {
    const result = await sell(name, transaction_id, request)
    const { pickup_code } = ('answer' in result ? result.answer : {}) as { pickup_code?: string }
    if (pickup_code === undefined) return result
    return { answer: { pickup_code: vault.sealingBriefly().seal(PLACE, transaction_id, pickup_code) } }
  }

export type ShowCodes = (sagas: readonly StoredSaga[]) => Promise<ShownSaga[]>

/** A code that is damaged, or belongs to another purchase, is not shown, so that the page still answers. */
export const showCodes =
  (vault: Vault): ShowCodes =>
  (sagas) =>
    Promise.all(
      sagas.map(async (saga) => {
        const { pickup_code, transaction_id, data } = saga
        if (pickup_code !== null) {
          const shown_code = await vault.open(PLACE, transaction_id, pickup_code).catch(() => undefined)
          return shown_code === undefined ? saga : { ...saga, shown_code }
        }
        return 'pickup_code' in data ? { ...saga, shown_code: String(data.pickup_code) } : saga // written by an older process
      }),
    )

export const pickupEvents: readonly MessageHandler[] = [
  handler(vehiclePickedUp, 'orquestrador-vehicle-picked-up-sub', async (tx, messages) =>
    forgetCodes(
      tx,
      messages.map(({ transaction_id, body }) => ({ transaction_id, picked_up_at: body.picked_up_at })),
    ),
  ),
]
