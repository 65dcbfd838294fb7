/** A shop under measurement: services and pages in processes of their own, as in `npm start`, with vehicles on sale. */
import { addressVariables } from '../app/addresses.ts'
import { freePort } from '../app/embedded/free-port.ts'
import { startPages } from '../app/embedded/pages.ts'
import { type Client, startClient } from './client.ts'
import { stockUp } from './stock.ts'

export interface Shop extends AsyncDisposable {
  readonly system: Client
  readonly origin: string
  readonly vehicleIds: readonly number[]
}

export async function openShop(vehicles: number): Promise<Shop> {
  await using opened = new AsyncDisposableStack()
  const system = opened.use(await startClient())
  const { vehicleIds } = await stockUp(system, 0, vehicles, 0)
  const port = await freePort(0, '127.0.0.1')
  const origin = `http://127.0.0.1:${port}`
  const addresses = addressVariables((service) => system.urlOf(service))
  const pages = opened.use(startPages(port, { ...process.env, ...addresses, PUBLIC_ORIGIN: origin }))
  await pages.listening
  const running = opened.move()
  return { system, origin, vehicleIds, [Symbol.asyncDispose]: () => running.disposeAsync() }
}
