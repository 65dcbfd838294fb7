/** A buyer's way through the API: look for a car, register, buy it by Pix, and watch until it can be fetched. */
import { type ClientOptions, createClient } from './client.ts'
import { watchPurchase } from './events.ts'

export interface Buyer {
  readonly name: string
  readonly email: string
  readonly phone: string
  readonly document: string
}

/**
 * `logIn` is what the identity provider does: from then on `options.token` gives a token of this customer. `pay` is what
 * the buyer does in their bank's app. Returns the code that the car is handed over for.
 */
export async function buyCheapest(
  options: ClientOptions,
  brand: string,
  buyer: Buyer,
  logIn: (customerId: number) => Promise<void>,
  pay: (pixCopyPaste: string, paymentCode: string) => Promise<void>,
): Promise<string> {
  const api = createClient(options)

  const found = await api.listVehicles({ query: { status_filter: 'available', brand, sort_by: 'price_asc', limit: 1 } })
  if (!found.ok) throw new Error(found.problem.detail)
  const [vehicle] = found.data.vehicles
  if (!vehicle) throw new Error(`no ${brand} is on sale`)

  const registered = await api.createCustomer({ body: buyer })
  if (!registered.ok) {
    if (registered.problem.name === 'customer_exists') throw new Error('log in instead')
    throw new Error(registered.problem.errors?.map(({ path, message }) => `${path} ${message}`).join(', '))
  }

  await logIn(registered.data.id)

  const purchase = await api.createPurchase({
    header: { 'idempotency-key': crypto.randomUUID() }, // kept for a repetition, should the answer get lost
    body: { customer_id: registered.data.id, vehicle_id: vehicle.id, payment_type: 'pix' },
  })
  if (!purchase.ok) throw new Error(purchase.problem.detail)

  let paid = false
  let pickupCode: string | undefined
  for await (const { event, data } of watchPurchase(options, purchase.data.transaction_id)) {
    if (event === 'end' && data.status !== 'COMPLETED') throw new Error(data.reason ?? data.status)
    if (event !== 'saga') continue
    const { payment_code, pix_copy_paste, pickup_code } = data.context
    pickupCode = pickup_code
    if (!paid && payment_code && pix_copy_paste) {
      paid = true
      await pay(pix_copy_paste, payment_code)
    }
  }
  if (!pickupCode) throw new Error('sold without a pickup code')
  return pickupCode
}
