/** The part that decides at once, when a PSP holds the Pix charges: it approves all cash and credit, and decides nothing about Pix. */
import { txidOf } from '../../charges/new-code.ts'
import type { Provider } from '../../domain/provider.ts'

/** Cash and credit are settled from the customer's own hold: nobody is asked, and nothing is refused. */
export const pixProvider: Provider = {
  issue: ({ payment_type }, code) => (payment_type === 'pix' ? { ok: true, txid: txidOf(code) } : { ok: true }),
  approves: () => true,
  refunds: () => true,
}
