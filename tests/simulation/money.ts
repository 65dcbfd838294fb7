/**
 * The money outside the services: the transfers of buyers, and the amounts that the provider has really taken and refunded. They
 * are compared with the records. The provider's answers may get lost.
 */

import {
  type ChargeState,
  type GiveBack,
  type Provider,
  ProviderFault,
} from '../../services/pagamento-service/domain/provider.ts'
import { pixProvider } from '../../services/pagamento-service/provider/pix/provider.ts'
import { simulatedGiveBack, simulatedProvider } from '../../services/pagamento-service/provider/simulated-provider.ts'
import type { MemoryTx } from './memory.ts'
import { codes } from './memory-charge-store.ts'

export interface Transfer {
  readonly end_to_end_id: string
  /** A code, or the txid of a charge. */
  readonly name: string
  readonly amount_cents: number
  readonly paid_at: Date
}

interface Charge {
  readonly amount_cents: number
  status: ChargeState['status']
}

/** How the next question to the provider goes wrong; `unheard`: it is done, and the answer is lost. */
export type Trouble = 'fault' | 'unheard' | 'under way'

export class Money {
  readonly isRemote: boolean
  readonly transfers = new Map<string, Transfer>()
  /** The amounts of parts at the counter, by end-to-end id. */
  readonly partTransfers = new Map<string, number>()
  /** End-to-end ids that pagamento-service has been told of, or was shown with its charge. */
  readonly told = new Set<string>()
  /** By refund_id: asked twice, it is one refund. */
  readonly givenBack = new Map<string, { readonly end_to_end_id: string; readonly amount_cents: number }>()
  /** Decided here and now, by transaction, once committed: how often the money was taken, and given back. */
  readonly taken = new Map<string, number>()
  readonly returned = new Map<string, number>()
  readonly charges = new Map<string, Charge>()
  trouble: Trouble | undefined
  /** When several work at once, it lets the others go on first, because a request over the network takes time. */
  pause: () => Promise<void> | undefined = () => undefined
  #undecided: { readonly transaction_id: string; readonly tally: Map<string, number> }[] = []
  readonly #now: () => Date

  constructor(isRemote: boolean, now: () => Date) {
    this.isRemote = isRemote
    this.#now = now
  }

  get provider(): Provider {
    const { issue, approves, refunds } = this.isRemote ? pixProvider : simulatedProvider
    const noting = (tally: Map<string, number>, transaction_id: string, isDone: boolean) => {
      if (isDone) this.#undecided.push({ transaction_id, tally })
      return isDone
    }
    return {
      issue,
      approves: (charge) => noting(this.taken, charge.transaction_id, approves(charge)),
      refunds: (charge, resumptions) => noting(this.returned, charge.transaction_id, refunds(charge, resumptions)),
    }
  }

  /** A decision within a transaction counts when that commits, and is dropped when it does not. */
  onEnd = (tx: MemoryTx, isCommitted: boolean): void => {
    this.#undecided = this.#undecided.filter(({ transaction_id, tally }) => {
      if (!tx.locked.has(`${codes.name} ${transaction_id}`)) return true
      if (isCommitted) tally.set(transaction_id, (tally.get(transaction_id) ?? 0) + 1)
      return false
    })
  }

  giveBack: GiveBack = async (wanted) => {
    const { refund_id, amount_cents, end_to_end_id } = wanted
    await this.pause()
    const trouble = this.#trouble()
    if (trouble === 'fault') throw new ProviderFault('nobody is there')
    const answer = await simulatedGiveBack(wanted)
    if (answer.status === 'done') {
      if (end_to_end_id === null) throw new Error(`${refund_id} gives back what nobody paid`)
      this.givenBack.set(refund_id, { end_to_end_id, amount_cents })
    }
    if (trouble === 'unheard') throw new ProviderFault('the line is cut')
    return trouble === 'under way' ? { status: 'under_way' } : answer
  }

  readonly remote = {
    open: async ({ txid, amount_cents }: { txid: string; amount_cents: number }) => {
      await this.pause()
      const trouble = this.#trouble()
      if (trouble === 'fault') throw new ProviderFault('nobody is there')
      const isRefused = amount_cents % 100 === 17
      if (!isRefused && !this.charges.has(txid)) this.charges.set(txid, { amount_cents, status: 'open' })
      if (trouble === 'unheard') throw new ProviderFault('the line is cut')
      await this.pause()
      return isRefused
        ? ({ ok: false, reason: 'refused' } as const)
        : ({ ok: true, pix_copy_paste: `pix${txid}` } as const)
    },
    look: async (txid: string) => this.#state(txid),
    close: async (txid: string) => {
      await this.pause()
      const trouble = this.#trouble()
      if (trouble === 'fault') throw new ProviderFault('nobody is there')
      const charge = this.charges.get(txid)
      if (charge?.status === 'open') charge.status = 'closed'
      // a charge that is closed before it was made is never made
      if (!charge) this.charges.set(txid, { amount_cents: 0, status: 'closed' })
      if (trouble === 'unheard') throw new ProviderFault('the line is cut')
      return this.#state(txid)
    },
  }

  /** A buyer pays. Undefined when the provider takes no money for that charge. */
  transfer(name: string, amount_cents: number): Transfer | undefined {
    const charge = this.charges.get(name)
    if (this.isRemote && charge?.status !== 'open') return undefined
    if (charge) charge.status = 'paid'
    const end_to_end_id = `E${this.transfers.size + 1}`
    const made = { end_to_end_id, name, amount_cents: charge?.amount_cents ?? amount_cents, paid_at: this.#now() }
    this.transfers.set(end_to_end_id, made)
    return made
  }

  /** A part that comes by Pix, whose id staff type. */
  transferPart(amount_cents: number): string {
    const end_to_end_id = `C${this.partTransfers.size + 1}`
    this.partTransfers.set(end_to_end_id, amount_cents)
    return end_to_end_id
  }

  /** What the provider has given back of a transfer. */
  given = (end_to_end_id: string): number =>
    [...this.givenBack.values()]
      .filter((one) => one.end_to_end_id === end_to_end_id)
      .reduce((sum, one) => sum + one.amount_cents, 0)

  transfersTo = (name: string): Transfer[] => [...this.transfers.values()].filter((one) => one.name === name)

  #state(txid: string): ChargeState {
    const pix = this.transfersTo(txid)
    for (const { end_to_end_id } of pix) this.told.add(end_to_end_id)
    return { status: this.charges.get(txid)?.status ?? 'unknown', pix }
  }

  #trouble(): Trouble | undefined {
    const { trouble } = this
    this.trouble = undefined
    return trouble
  }
}
