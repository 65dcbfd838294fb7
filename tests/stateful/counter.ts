/** Payments at the counter, in parts: entered, struck, and compared with the model. */
import assert from 'node:assert/strict'
import { type Api, PAGAMENTO, sagaOf, until } from '../fixtures/system.ts'
import { type Deal, heldOf, isWaiting, type Method, owedOf, type Part, refundedOf } from './model.ts'

const cents = (amount: number) => Math.round(amount * 100)

/** Resolves to whether it was the last part. */
export async function payAtCounter(api: Api, deal: Deal, amount: number | 'rest' | 'more', method: Method) {
  const rest = cents(deal.price) - heldOf(deal)
  const wanted = typeof amount === 'number' ? cents(amount) : Math.max(rest, 1) + (amount === 'more' ? 1 : 0)
  const { payment_code } = (await sagaOf(api, deal.id)).context
  const { status, body } = await api.call(PAGAMENTO, 'POST', '/payments', {
    ...{ payment_code, payment_method: method, amount: wanted / 100 },
    state: method === 'financing' ? 'promised' : 'received',
  })
  const fits = isWaiting(deal) && wanted <= rest
  assert.equal(status, fits ? 201 : 400, `${wanted} of ${rest} cents, of a purchase that is ${deal.state}`)
  if (fits) deal.parts.push({ id: body.id, cents: wanted, method, isReversed: false })
  await sameMoney(api, deal)
  return fits && wanted === rest
}

export async function strikeAtCounter(api: Api, deal: Deal, part: Part): Promise<void> {
  const { status } = await api.call(PAGAMENTO, 'POST', `/payments/${part.id}/reverse`, { reason: 'Digitado errado' })
  const fits = isWaiting(deal) && !part.isReversed
  assert.equal(status, fits ? 200 : 409, `a part of a purchase that is ${deal.state}`)
  if (fits) part.isReversed = true
  await sameMoney(api, deal)
}

/** The sum that the code holds, and what of it is owed or was given back by the provider, which is asked a moment later. */
export async function sameMoney(api: Api, deal: Deal): Promise<void> {
  if (deal.payment_type !== 'counter') return
  const { body: codes } = await api.call(PAGAMENTO, 'GET', `/payment-codes?transaction_id=${deal.id}`)
  assert.equal(cents(codes[0].held), heldOf(deal), `what the code of ${deal.id} holds`)
  const { body: owed } = await api.call(PAGAMENTO, 'GET', `/owed-items?transaction_id=${deal.id}`)
  const sum = owed.owed_items.reduce((all: number, { amount }: { amount: number }) => all + cents(amount), 0)
  assert.equal(sum, owedOf(deal), `what is owed of ${deal.id}, ${deal.state}`)
  await until(`the Pix parts of ${deal.id}, ${deal.state}, are back`, async () => {
    const { body: parts } = await api.call(PAGAMENTO, 'GET', `/payments?transaction_id=${deal.id}&limit=100`)
    const back = parts.filter(({ state }: { state?: string }) => state === 'refunded')
    return back.reduce((all: number, { amount }: { amount: number }) => all + cents(amount), 0) === refundedOf(deal)
  })
}
