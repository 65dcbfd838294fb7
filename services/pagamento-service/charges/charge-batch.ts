/** Holds the charges of a batch while they are decided, and stores those that changed. */
import type { Tx } from '#platform/database/database'
import type { Charge, PaymentCode } from '../domain/charge.ts'
import { owedOf } from '../domain/coming-back.ts'
import { insertOwed, settleByProvider } from '../owed/owed-store.ts'
import { undoParts } from '../parts/undo-parts.ts'
import {
  insertCodes,
  insertPayments,
  takePaymentIds,
  updateCodes,
  updateCounterCodes,
  updatePayments,
} from './charge-store.ts'

/** The charges of a batch, by transaction; later messages of the batch see the decisions of earlier ones. */
export class ChargeBatch {
  readonly #stored: ReadonlyMap<string, Charge>
  readonly #current: Map<string, Charge>
  readonly #paymentIds: readonly number[]

  /** `stored` must be locked. `paymentIds`: taken ahead by the caller, so that `save` need not ask for them. */
  constructor(stored: readonly Charge[], paymentIds: readonly number[] = []) {
    this.#stored = new Map(stored.map((charge) => [charge.code.transaction_id, charge]))
    this.#current = new Map(this.#stored)
    this.#paymentIds = paymentIds
  }

  get(transaction_id: string): Charge | undefined {
    return this.#current.get(transaction_id)
  }

  all(): Charge[] {
    return [...this.#current.values()]
  }

  put(charge: Charge): void {
    this.#current.set(charge.code.transaction_id, charge)
  }

  /** Writes each changed record once; afterwards every payment has its id. */
  async save(tx: Tx, now: Date): Promise<void> {
    await this.#number(tx)
    const changed = [...this.#current.values()].filter(
      (charge) => charge !== this.#stored.get(charge.code.transaction_id),
    )
    const before = ({ code }: Charge) => this.#stored.get(code.transaction_id)
    const isNew = (charge: Charge) => !before(charge)
    const hasOtherCode = (charge: Charge) => before(charge)?.code !== charge.code
    insertCodes(tx, changed.filter(isNew).map(codeOf).sort(byTransaction), now)
    const moved = changed.filter((charge) => !isNew(charge) && hasOtherCode(charge)).map(codeOf)
    updateCodes(
      tx,
      moved.filter((code) => !atCounter(code)),
      now,
    )
    updateCounterCodes(tx, moved.filter(atCounter), now)
    const paid = changed.flatMap(({ code, payment }) =>
      payment && payment.id !== null ? [{ code, payment: { ...payment, id: payment.id } }] : [],
    )
    const isPaidNow = (charge: Charge) => !before(charge)?.payment
    insertPayments(tx, paid.filter(isPaidNow))
    updatePayments(
      tx,
      paid.filter((charge) => !isPaidNow(charge)).map(({ payment }) => payment),
    )
    this.#saveOwed(tx, changed, now)
    await undoParts(tx, changed.filter(({ code }) => atCounter(code)).filter(isUndone), now)
  }

  /** For a payment that a return gives back: records it as owed when no provider refunds it, and ends that once it is refunded. */
  #saveOwed(tx: Tx, changed: readonly Charge[], now: Date): void {
    const returning = changed.filter(({ code, payment }) => payment?.return_id && code.payment_type !== 'counter')
    insertOwed(
      tx,
      returning.flatMap((charge) => owedOf(charge, now) ?? []),
      now,
    )
    settleByProvider(
      tx,
      returning.flatMap(({ payment }) => (payment?.status === 'refunded' ? [`payment ${payment.id}`] : [])),
      now,
    )
  }

  /** Gives every new payment its id. */
  async #number(tx: Tx): Promise<void> {
    const unnumbered = [...this.#current.values()].filter(({ payment }) => payment?.id === null)
    const taken = this.#paymentIds.slice(0, unnumbered.length)
    const missing = unnumbered.length - taken.length
    const ids = missing > 0 ? [...taken, ...(await takePaymentIds(tx, missing))] : taken
    unnumbered.forEach(({ code, payment }, index) => {
      if (payment) this.put({ code, payment: { ...payment, id: ids[index] ?? null } })
    })
  }
}

const atCounter = ({ payment_type }: PaymentCode) => payment_type === 'counter'

/** Voided or refunded: then its parts go back. */
const isUndone = ({ code, payment }: Charge) => code.status === 'voided' || payment?.status === 'refunded'

const codeOf = ({ code }: Charge) => code

/** In the same order everywhere, so that two batches that insert the same codes never deadlock. */
const byTransaction = (one: PaymentCode, other: PaymentCode) => (one.transaction_id < other.transaction_id ? -1 : 1)
