/** Decides charges and stores what has changed, a batch in one transaction: for commands, payments over HTTP and expiry. */
import type { Tx } from '#platform/database'
import { insertCodes, insertPayments, updateCodes, updatePayments } from './charge-store.ts'
import type { Charge, PaymentCode } from './domain/charge.ts'

/** What a batch knows of its charges, by transaction; later messages of the batch see what earlier ones decided. */
export class ChargeBatch {
  readonly #stored: ReadonlyMap<string, Charge>
  readonly #current: Map<string, Charge>

  /** `stored` must be locked. */
  constructor(stored: readonly Charge[]) {
    this.#stored = new Map(stored.map((charge) => [charge.code.transaction_id, charge]))
    this.#current = new Map(this.#stored)
  }

  get(transaction_id: string): Charge | undefined {
    return this.#current.get(transaction_id)
  }

  put(charge: Charge): void {
    this.#current.set(charge.code.transaction_id, charge)
  }

  /** Writes each changed record once; afterwards every payment has its id. */
  async save(tx: Tx, now: Date): Promise<void> {
    const changed = [...this.#current.values()].filter(
      (charge) => charge !== this.#stored.get(charge.code.transaction_id),
    )
    const before = ({ code }: Charge) => this.#stored.get(code.transaction_id)
    await Promise.all([
      insertCodes(
        tx,
        changed
          .filter((charge) => !before(charge))
          .map(codeOf)
          .sort(byTransaction),
        now,
      ),
      updateCodes(
        tx,
        changed.filter((charge) => before(charge) && before(charge)?.code !== charge.code).map(codeOf),
        now,
      ),
    ])
    const paid = changed.flatMap((charge) => (charge.payment ? [{ ...charge, payment: charge.payment }] : []))
    const [ids] = await Promise.all([
      insertPayments(
        tx,
        paid.filter(({ payment }) => payment.id === null),
      ),
      updatePayments(
        tx,
        paid.filter(({ payment }) => payment.id !== null).map(({ payment }) => payment),
      ),
    ])
    for (const charge of paid) {
      const id = ids.get(charge.code.transaction_id)
      if (id !== undefined) this.put({ ...charge, payment: { ...charge.payment, id } })
    }
  }
}

const codeOf = ({ code }: Charge) => code

/** Two batches that insert the same codes meet at the first of them instead of waiting for each other in a circle. */
const byTransaction = (one: PaymentCode, other: PaymentCode) => (one.transaction_id < other.transaction_id ? -1 : 1)
