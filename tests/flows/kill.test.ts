/** The process dies by SIGKILL while 100 purchases are in flight, starts again on the same data, and nothing is lost. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { after, test } from 'node:test'
import {
  type Api,
  adminOf,
  apiAt,
  CLIENTE,
  customerOf,
  customerWith,
  ORQUESTRADOR,
  PAGAMENTO,
  settled,
  until,
  VEICULO,
  vehicleAt,
  vehicleOf,
} from '../fixtures/system.ts'
import { temporaryFolder } from '../fixtures/temporary-folder.ts'

const BUYERS = 20
const PURCHASES = 100
const PRICE = 1_000
const MONEY = 4_000

/** A first start makes a database server, on a machine that is busy with other tests. */
const START_PATIENCE_MS = 180_000

const folder = await temporaryFolder('kill')
let running: ChildProcess | undefined

after(async () => {
  if (running) await stop(running, 'SIGINT')
})

test('purchases survive the death of the process that runs them', async () => {
  const ports: Record<string, number> = {}
  for (const service of [CLIENTE, VEICULO, PAGAMENTO, ORQUESTRADOR]) ports[service] = await freePort()
  const api = apiAt((service) => `http://127.0.0.1:${ports[service]}`, await adminOf(folder))
  await start(ports, api)
  const buyers = await Promise.all(Array.from({ length: BUYERS }, () => customerWith(api, { initial_balance: MONEY })))
  const vehicles = await Promise.all(Array.from({ length: PURCHASES }, () => vehicleAt(api, PRICE)))

  const accepted: string[] = []
  const attempts = vehicles.map(async (vehicle_id, index) => {
    const order = { customer_id: buyers[index % BUYERS], vehicle_id, payment_type: 'cash' }
    const answer = await api.call(ORQUESTRADOR, 'POST', '/purchase', order).catch(() => undefined) // it was killed
    if (answer?.status === 202) accepted.push(answer.body.transaction_id)
  })
  await until('some purchases are accepted', async () => accepted.length >= 10)
  if (running) await stop(running, 'SIGKILL')
  await Promise.all(attempts)
  await start(ports, api)

  const known = await allSagas(api)
  for (const transaction of accepted) assert.ok(known.includes(transaction), 'what was answered 202 is known')
  const sagas = await Promise.all(known.map((transaction) => settled(api, transaction)))
  const completed = sagas.filter(({ status }) => status === 'COMPLETED')
  const statuses = new Set(sagas.map(({ status }) => status))
  statuses.delete('COMPLETED')
  for (const status of statuses) assert.ok(['FAILED', 'FAILED_COMPENSATED'].includes(status), `a purchase is ${status}`)

  for (const buyer of buyers) {
    const bought = completed.filter(({ customer_id }) => customer_id === buyer).length
    assert.equal((await customerOf(api, buyer)).account_balance, MONEY - bought * PRICE)
  }
  const sold = new Set(completed.map(({ vehicle_id }) => vehicle_id))
  assert.equal(sold.size, completed.length, 'no vehicle is sold twice')
  for (const vehicle of vehicles) {
    assert.equal((await vehicleOf(api, vehicle)).status, sold.has(vehicle) ? 'sold' : 'available')
  }
  for (const { transaction_id } of completed) {
    const { body } = await api.call(PAGAMENTO, 'GET', `/payments?transaction_id=${transaction_id}`)
    assert.deepEqual(
      body.map(({ status }: { status: string }) => status),
      ['completed'],
    )
  }
})

async function start(ports: Record<string, number>, api: Api): Promise<void> {
  const child = spawn(process.execPath, [new URL('../../app/main.ts', import.meta.url).pathname], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      DATA_DIR: folder,
      DATABASE_URL: '',
      LOG_LEVEL: 'error',
      PAGES: 'false',
      SAGA_STEP_TIMEOUT_SECONDS: '5',
      PORT_CLIENTE: String(ports[CLIENTE]),
      PORT_VEICULO: String(ports[VEICULO]),
      PORT_PAGAMENTO: String(ports[PAGAMENTO]),
      PORT_ORQUESTRADOR: String(ports[ORQUESTRADOR]),
      PORT_IDENTIDADE: '0',
      PORT_AVISOS: '0',
      PORT_GATEWAY: '0',
      PORT_POSTGRES: '0',
    },
  })
  running = child
  const isReady = async () => {
    if (child.exitCode !== null) throw new Error(`the system ended with code ${child.exitCode}`)
    const states = Object.keys(ports).map((service) => api.call(service, 'GET', '/ready').catch(() => undefined))
    return (await Promise.all(states)).every((state) => state?.status === 200)
  }
  await until('the system is ready', isReady, START_PATIENCE_MS)
}

async function stop(child: ChildProcess, signal: NodeJS.Signals) {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
}

async function allSagas(api: Api): Promise<string[]> {
  const found: string[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { body } = await api.call(ORQUESTRADOR, 'GET', `/saga-states?limit=100${cursor && `&cursor=${cursor}`}`)
    found.push(...body.sagas.map(({ transaction_id }: { transaction_id: string }) => transaction_id))
    cursor = body.next_cursor
  }
  return found
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : 0
}
