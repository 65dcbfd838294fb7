/** What is decided at once when a PSP holds the Pix charges: nothing about Pix; cash and credit are always approved. */
import { txidOf } from '../../charges/new-code.ts'
import type { Provider } from '../../domain/provider.ts'

/** Cash and credit are settled from what the customer holds here: nobody is asked, and nothing is refused. */
export const pixProvider: Provider = {
  issue: ({ payment_type }, code) => (payment_type === 'pix' ? { ok: true, txid: txidOf(code) } : { ok: true }),
  approves: () => true,
  refunds: () => true,
}
