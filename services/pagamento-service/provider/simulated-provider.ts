/** A provider for development and tests only. It moves no money; the cents of an amount say how it behaves. */
import { generatePixPayload } from '@brazilian-utils/brazilian-utils'
import { toReais } from '#platform/money'
import type { GiveBack, Provider } from '../domain/provider.ts'

const DECLINED = 13
const NOT_ISSUED = 17
const NOT_REFUNDED_AT_FIRST = 19

/** A random key (EVP) that belongs to nobody. */
const MERCHANT = {
  key: '7d9f0335-8dcc-4054-9bf9-0dbd61d36906',
  merchantName: 'MERCADO VEICULO',
  merchantCity: 'SAO PAULO',
}

const centsOf = (amount_cents: number) => amount_cents % 100

export const simulatedProvider: Provider = {
  issue({ amount_cents, payment_type }, code) {
    if (centsOf(amount_cents) === NOT_ISSUED) return { ok: false }
    if (payment_type !== 'pix') return { ok: true }
    const pix_copy_paste = generatePixPayload({ ...MERCHANT, amount: toReais(amount_cents), txid: code })
    return pix_copy_paste ? { ok: true, pix_copy_paste } : { ok: false }
  },
  approves: ({ amount_cents }) => centsOf(amount_cents) !== DECLINED,
  refunds: ({ amount_cents }, resumptions) => centsOf(amount_cents) !== NOT_REFUNDED_AT_FIRST || resumptions > 0,
}

/** Refunds money that belongs to no purchase: an amount that is refused at first succeeds at the next try. */
export const simulatedGiveBack: GiveBack = async ({ amount_cents, failures }) =>
  centsOf(amount_cents) !== NOT_REFUNDED_AT_FIRST || failures > 0
    ? { status: 'done' }
    : { status: 'refused', reason: 'simulated' }
