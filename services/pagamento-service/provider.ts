/** The port to whoever really moves the money. Its answers are values: a refusal is no fault. */
import type { ChargeRequest } from './domain/charge.ts'

export interface Provider {
  /** Makes a code payable. `pix_copy_paste` comes with a Pix charge. */
  issue(
    charge: ChargeRequest,
    code: string,
  ): { readonly ok: true; readonly pix_copy_paste?: string } | { readonly ok: false }
  approves(charge: ChargeRequest): boolean
  /** `resumptions`: how often an operator has asked for it anew. */
  refunds(charge: ChargeRequest, resumptions: number): boolean
}
