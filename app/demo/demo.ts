/** `npm run demo`, beside a running system: fills in demo data over HTTP and runs one purchase of each outcome. */
import { Type } from 'typebox'
import { type PaymentType, VehicleStatus } from '#contracts'
import { readConfig } from '#platform/config'
import { command } from '../command-line.ts'
import { type Api, connect } from './api.ts'
import { counterSale } from './counter.ts'
import { makeLogins } from './logins.ts'
import { giveUp, type Meanwhile, payPix, purchase } from './purchase.ts'
import { type Car, createBuyer, createCar, MODELS, type ModelName } from './stock.ts'

interface Scene {
  readonly title: string
  readonly buyers: readonly [string, ...string[]]
  /** The money of each buyer, in BRL. */
  readonly money: { readonly initial_balance?: number; readonly credit_limit?: number }
  readonly car: ModelName
  readonly payment_type: PaymentType
  /** The last two digits of the price; ,13 and ,17 make the simulated payment provider fail. */
  readonly cents?: number
  readonly meanwhile?: Meanwhile
  /** The outcomes of the buyers, in any order; alternatives are separated by `|`. */
  readonly expected: readonly string[]
  readonly afterwards: VehicleStatus
}

const NONE = {}
const SAVINGS = { initial_balance: 250_000 }
const LATE = 'refused: Vehicle is not available' // if the winner was done before the other's purchase was checked

// biome-ignore format: one row a scene
const scenes: readonly Scene[] = [
  { title: 'Cash, from the account balance', buyers: ['Ana Souza'], money: SAVINGS, car: 'strada', payment_type: 'cash', expected: ['COMPLETED'], afterwards: 'sold' },
  { title: 'Credit, from the credit limit', buyers: ['Bruno Lima'], money: { credit_limit: 150_000 }, car: 'polo', payment_type: 'credit', expected: ['COMPLETED'], afterwards: 'sold' },
  { title: 'Pix, paid while the purchase waits', buyers: ['Carla Mendes'], money: NONE, car: 'onix', payment_type: 'pix', meanwhile: payPix, expected: ['COMPLETED'], afterwards: 'sold' },
  { title: 'Too little credit, refused at the door', buyers: ['Diego Ramos'], money: { credit_limit: 20_000 }, car: 'corolla', payment_type: 'credit', expected: ['refused: Insufficient credit limit'], afterwards: 'available' },
  { title: 'Payment declined (price ends in ,13)', buyers: ['Elisa Prado'], money: SAVINGS, car: 'hb20', payment_type: 'cash', cents: 13, expected: ['FAILED_COMPENSATED'], afterwards: 'available' },
  { title: 'No payment code (price ends in ,17)', buyers: ['Felipe Rocha'], money: SAVINGS, car: 'compass', payment_type: 'cash', cents: 17, expected: ['FAILED_COMPENSATED'], afterwards: 'available' },
  { title: 'Two buyers, one vehicle', buyers: ['Gabriela Nunes', 'Henrique Alves'], money: SAVINGS, car: 'kwid', payment_type: 'cash', expected: ['COMPLETED', `FAILED_COMPENSATED|${LATE}`], afterwards: 'sold' },
  { title: 'Cancelled while the Pix waits', buyers: ['Isabela Castro'], money: NONE, car: 'hrv', payment_type: 'pix', meanwhile: giveUp, expected: ['CANCELLED'], afterwards: 'available' },
]

interface Result {
  readonly title: string
  readonly buyer: string
  readonly outcome: string
  readonly vehicle: string
  readonly asExpected: boolean
}

const usage = `usage: npm run -s demo

Fills in demo data over HTTP and runs one purchase of each outcome, beside a running system (\`make dev\`), which is found as
the configuration says (PORT_…, DATA_DIR). Ends with 1 when one turned out otherwise than it should.`

await command({ usage, options: {} }, async () => {
  const config = readConfig(process.env)
  const api = await connect(config)
  const cars = await stockUp(api)
  const results: Result[] = []
  for (const scene of scenes) results.push(...(await play(api, scene, cars)))
  results.push(await playCounter(api, cars))
  report(results)
  await makeLogins(config)
})

async function stockUp(api: Api): Promise<ReadonlyMap<string, Car>> {
  const cars = new Map<string, Car>()
  console.log('Vehicles on sale')
  for (const model of Object.keys(MODELS) as ModelName[]) {
    const car = await createCar(api, model, scenes.find(({ car }) => car === model)?.cents ?? 0)
    console.log(`  ${String(car.id).padStart(6)}  ${car.name.padEnd(40)} ${brl(car.price).padStart(14)}`)
    cars.set(model, car)
  }
  return cars
}

async function play(api: Api, scene: Scene, cars: ReadonlyMap<string, Car>): Promise<Result[]> {
  const { title, buyers: names, money, payment_type, meanwhile, expected, afterwards } = scene
  const car = cars.get(scene.car)
  if (!car) throw new Error(`there is no ${scene.car}`)
  const buyers = await Promise.all(names.map((name) => createBuyer(api, name, money)))
  console.log(`\n${title}: ${names.join(' and ')}, ${car.name}, ${brl(car.price)}`)

  const outcomes = await Promise.all(
    buyers.map((buyer) => {
      const label = buyers.length > 1 ? buyer.name.split(' ')[0] : undefined
      return purchase(api, { buyer, car, payment_type, ...(meanwhile && { meanwhile }), ...(label && { label }) })
    }),
  )
  const vehicle = await api.ask('veiculo-service', `GET /vehicles/${car.id}`, Type.Object({ status: VehicleStatus }))
  const asExpected = isExpected(outcomes, expected) && vehicle.status === afterwards
  return buyers.map(({ name }, index) => ({
    title,
    buyer: name,
    outcome: outcomes[index] ?? '',
    vehicle: vehicle.status,
    asExpected,
  }))
}

/** The day in the shop: sold in parts, handed over, and brought back. */
async function playCounter(api: Api, cars: ReadonlyMap<string, Car>): Promise<Result> {
  const title = 'At the counter, in three parts, and back'
  const car = cars.get('argo')
  if (!car) throw new Error('there is no argo')
  const buyer = await createBuyer(api, 'Joana Freitas', NONE)
  console.log(`\n${title}: ${buyer.name}, ${car.name}, ${brl(car.price)}`)
  const outcome = await counterSale(api, buyer, car)
  const vehicle = await api.ask('veiculo-service', `GET /vehicles/${car.id}`, Type.Object({ status: VehicleStatus }))
  const asExpected = outcome === 'COMPLETED' && vehicle.status === 'withdrawn'
  return { title, buyer: buyer.name, outcome, vehicle: vehicle.status, asExpected }
}

function isExpected(outcomes: readonly string[], expected: readonly string[]): boolean {
  const open = expected.map((alternatives) => alternatives.split('|'))
  for (const outcome of outcomes) {
    const found = open.findIndex((alternatives) => alternatives.includes(outcome))
    if (found === -1) return false
    open.splice(found, 1)
  }
  return open.length === 0
}

function report(results: readonly Result[]) {
  const rows = [
    ['purchase', 'buyer', 'outcome', 'vehicle'],
    ...results.map(({ title, buyer, outcome, vehicle }) => [title, buyer, outcome, vehicle]),
  ]
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  console.log()
  rows.forEach((row, index) => {
    const surprise = results[index - 1]?.asExpected === false ? '  <- not as expected' : ''
    console.log(`${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}${surprise}`)
  })
  if (results.some(({ asExpected }) => !asExpected)) process.exitCode = 1
}

function brl(amount: number): string {
  return amount.toLocaleString('pt-BR', { style: 'currency', currency: 'BRL' })
}
