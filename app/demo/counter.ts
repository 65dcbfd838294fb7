/** The demo's day in the shop: a sale at the counter in three parts, one of them a trade-in, the handover, and a return. */
import { setTimeout as pause } from 'node:timers/promises'
import { type Static, Type } from 'typebox'
import { SagaStatus } from '#contracts'
import type { Api } from './api.ts'
import type { Buyer, Car } from './stock.ts'

const Anything = Type.Object({})
const Accepted = Type.Object({ transaction_id: Type.String() })
const Asked = Type.Object({ return_id: Type.String() })
const Paid = Type.Object({ id: Type.Integer(), amount: Type.Number() })
const Owed = Type.Object({ owed_items: Type.Array(Type.Object({ amount: Type.Number() })) })
const Shown = Type.Object({
  status: SagaStatus,
  current_step: Type.String(),
  context: Type.Object({ payment_code: Type.Optional(Type.String()) }),
})

const POLL_EVERY_MS = 100
const PATIENCE_MS = 45_000
/** The discount on the price, in BRL: small enough to need nobody else, as the price is below APPROVAL_PAYMENT. */
const DISCOUNT = 2_000
const TRADE_IN = { valuation: 38_000, debts: 640, lien_payoff: 12_360 }
const CASH = 10_000

/** How it ended: the return's last status. */
export async function counterSale(api: Api, buyer: Buyer & { readonly document: string }, car: Car): Promise<string> {
  const agreed_price = car.price - DISCOUNT
  const { transaction_id } = await api.ask('orquestrador', 'POST /purchase', Accepted, {
    ...{ customer_id: buyer.id, vehicle_id: car.id, payment_type: 'counter', channel: 'remote' },
    ...{ agreed_price, reason: 'Risco na porta do passageiro', sellers: [{ id: 'demo', share: 100 }] },
  })
  tell(`202  transaction ${transaction_id}, agreed at ${agreed_price}`)
  const { context } = await waitFor(api, transaction_id, ({ current_step }) => current_step === 'PAYMENT_PROCESSING')
  const pay = (body: object) =>
    api.ask('pagamento-service', 'POST /payments', Paid, { payment_code: context.payment_code, ...body })
  const traded = await pay({ payment_method: 'trade_in', trade_in: TRADE_IN })
  tell(`201  a car that comes in, worth ${traded.amount} after its debts and lien`)
  tell(`201  banknotes, ${(await pay({ payment_method: 'banknotes', amount: CASH })).amount}`)
  const bank = await pay({ payment_method: 'financing', state: 'promised' })
  tell(`201  a bank's promise, ${bank.amount}: the sale is complete, the keys wait`)
  await waitFor(api, transaction_id, ({ status }) => status === 'COMPLETED')
  await api.ask('pagamento-service', `POST /payments/${bank.id}/receive`, Anything, { reference: 'TED 4711' })
  tell('200  the bank has paid')
  await api.ask('veiculo-service', `POST /vehicles/${car.id}/pickup`, Anything, {
    ...{ buyer_document: buyer.document, received_by: { name: buyer.name, as: 'buyer' } },
    ...{ mileage_km: 52_000, keys: 2, manual: true },
  })
  tell('200  handed over to the buyer, by their document')
  return bringBack(api, transaction_id)
}

/** Bought by telephone: within seven days it comes back without a reason. */
async function bringBack(api: Api, transaction_id: string): Promise<string> {
  const { return_id } = await api.ask('orquestrador', `POST /purchase/${transaction_id}/return`, Asked, {
    reason: 'O comprador desistiu',
  })
  tell(`202  return ${return_id}`)
  await waitFor(api, return_id, ({ current_step }) => current_step === 'RETURN_RECEIPT')
  await api.ask('orquestrador', `POST /returns/${return_id}/received`, Anything, { mileage_km: 52_180 })
  const { status } = await waitFor(api, return_id, (saga) => saga.status === 'COMPLETED')
  const path = `GET /owed-items?transaction_id=${transaction_id}`
  const { owed_items } = await api.ask('pagamento-service', path, Owed)
  tell(
    `200  the car is back; ${owed_items.length} parts are owed: ${owed_items.map(({ amount }) => amount).join(', ')}`,
  )
  return status
}

async function waitFor(api: Api, id: string, isThere: (saga: Static<typeof Shown>) => boolean) {
  const giveUp = Date.now() + PATIENCE_MS
  for (;;) {
    const saga = await api.ask('orquestrador', `GET /saga-states/${id}`, Shown)
    if (isThere(saga)) return saga
    if (Date.now() > giveUp) throw new Error(`${id} stands at ${saga.current_step} for ${PATIENCE_MS / 1_000} s`)
    await pause(POLL_EVERY_MS)
  }
}

const tell = (line: string) => console.log(`  ${line}`)
