/**
 * The port to the provider that moves the money, in two parts: questions that are decided at once, within a transaction, and
 * requests over the network, which are never made while a lock is held. A refusal is a value. An error is a fault: the
 * request is tried again.
 */
import type { Cents, PaymentType } from '#contracts'

export interface ChargeRequest {
  readonly transaction_id: string
  readonly customer_id: number
  readonly vehicle_id: number
  readonly amount_cents: Cents
  readonly payment_type: PaymentType
}

/** Decides from the charge alone; it must do no I/O. */
export interface Provider {
  /**
   * Makes a code payable. `pix_copy_paste` comes with a Pix charge. A `txid` means that `RemoteCharges` makes the charge over
   * the network under that id; nothing else here is asked about such a charge.
   */
  issue(
    charge: ChargeRequest,
    code: string,
  ):
    | { readonly ok: true; readonly pix_copy_paste?: string }
    | { readonly ok: true; readonly txid: string }
    | { readonly ok: false }
  approves(charge: ChargeRequest): boolean
  /** `resumptions`: how often an operator has asked for it anew. */
  refunds(charge: ChargeRequest, resumptions: number): boolean
}

/** Requests over the network. Each may be repeated: the ids tell that it is the same charge. */
export interface RemoteCharges {
  open(charge: RemoteCharge): Promise<Opened>
  /** The charge's state, and the payments for it. */
  look(txid: string): Promise<ChargeState>
  /** Closes the charge, so that it can't be paid any more; one that was paid stays paid. */
  close(txid: string): Promise<ChargeState>
}

interface RemoteCharge {
  readonly txid: string
  readonly amount_cents: Cents
}

export type Opened =
  | { readonly ok: true; readonly pix_copy_paste: string }
  | { readonly ok: false; readonly reason: string }

export interface ChargeState {
  /** `closed`: it can't be paid any more. `unknown`: the provider has no such charge, or not yet. */
  readonly status: 'open' | 'closed' | 'paid' | 'unknown'
  readonly pix: readonly PixReceived[]
}

interface PixReceived {
  readonly end_to_end_id: string
  readonly amount_cents: Cents
  readonly paid_at: Date
}

/** Gives money back; asked again with the same `refund_id`, it is the same refund. */
export type GiveBack = (refund: WantedRefund) => Promise<RefundAnswer>

export interface WantedRefund {
  /** 1 to 35 characters of [A-Za-z0-9]. */
  readonly refund_id: string
  readonly end_to_end_id: string | null
  readonly amount_cents: Cents
  /** How often this refund was refused before. */
  readonly failures: number
  /** 1 when it is asked for the first time. */
  readonly attempts: number
}

export type RefundAnswer =
  | { readonly status: 'done' | 'under_way' }
  | { readonly status: 'refused'; readonly reason: string }

/** The provider could not be asked; the request itself may be right. Try again, after `retryAfterMs` ms if given. */
export class ProviderFault extends Error {
  readonly retryAfterMs: number | undefined
  constructor(message: string, { retryAfterMs, cause }: { retryAfterMs?: number | undefined; cause?: unknown } = {}) {
    super(message, { cause })
    this.name = 'ProviderFault'
    this.retryAfterMs = retryAfterMs
  }
}
