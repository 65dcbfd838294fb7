/**
 * One seeded run: purchases of few customers for few vehicles, and a schedule that delivers their messages in any
 * order, twice, late or after their transaction died; that lets time pass deadlines, buyers give up or pay at any
 * moment, and calls lose their answers. It ends when nothing is left to do, an operator resuming what stopped.
 */
import type { PaymentType } from '#contracts'
import type { Stock } from '../../services/veiculo-service/domain/vehicle.ts'
import { onSale } from '../../services/veiculo-service/domain/vehicle.ts'
import { checkAlways, checkAtRest, type Openings } from './invariants.ts'
import { type Random, random } from './random.ts'
import { type Rules, World } from './world.ts'

export interface Report {
  readonly steps: number
  /** Final statuses of the purchases. */
  readonly endings: readonly string[]
  /** `status step` pairs that sagas were seen at. */
  readonly positions: ReadonlySet<string>
  readonly trace: readonly string[]
}

/** The magic cents of the simulated provider: it declines, issues no code, refuses to refund at first. */
const CENTS = [0, 0, 0, 0, 13, 17, 19]
const CHAOTIC_STEPS = 400
const LIMIT = 4_000

/** Throws with the seed and the last steps when something that must hold does not. */
export function simulate(seed: number, rules?: Rules): Report {
  const choose = random(seed)
  const world = new World(rules)
  const trace: string[] = []
  const openings = settle(world, choose)
  let steps = 0
  try {
    for (; steps < CHAOTIC_STEPS && world.unfinished.length > 0; steps++) {
      trace.push(disturb(world, choose))
      checkAlways(world, openings)
    }
    for (; goOn(world, trace); steps++) {
      checkAlways(world, openings)
      if (steps > LIMIT) throw new Error('it does not come to rest')
    }
    checkAtRest(world)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`seed ${seed}, step ${steps}: ${reason}\n  ${trace.slice(-25).join('\n  ')}`, { cause: error })
  }
  const positions = new Set(world.transitions.map(({ status, step }) => `${status} ${step}`))
  return { steps, trace, positions, endings: [...world.sagas.values()].map(({ status }) => status) }
}

function settle(world: World, choose: Random): Openings {
  const customers = Array.from({ length: 1 + choose.int(3) }, (_, index) => index + 1)
  for (const id of customers) {
    const money = { account_balance_cents: choose.int(5) * 10_000, credit_limit_cents: choose.int(5) * 10_000 }
    world.accounts.set(id, { id, status: choose.chance(95) ? 'active' : 'blocked', used_credit_cents: 0, ...money })
  }
  const vehicles = Array.from({ length: 1 + choose.int(3) }, (_, index) => index + 1)
  for (const id of vehicles) {
    const vehicle: Stock = { id, price_cents: 9_000 + choose.pick(CENTS), ...onSale }
    world.vehicles.set(id, vehicle)
  }
  const purchases = 1 + choose.int(5)
  for (let number = 1; number <= purchases; number++) {
    const vehicle_id = choose.pick(vehicles)
    world.start(`purchase-${number}`, {
      customer_id: choose.pick(customers),
      vehicle_id,
      amount_cents: choose.chance(97) ? (world.vehicles.get(vehicle_id)?.price_cents ?? 1) : 8_888,
      payment_type: choose.pick<PaymentType>(['cash', 'credit', 'pix']),
      vehicle: { brand: 'Fiat', model: 'Strada', year: 2024 },
    })
  }
  const openings = [...world.accounts.values()]
  return new Map(openings.map((one) => [one.id, { balance: one.account_balance_cents, limit: one.credit_limit_cents }]))
}

/** One thing that can happen to a distributed system. */
function disturb(world: World, choose: Random): string {
  const fate = choose.int(1_000)
  const transaction_id = choose.pick([...world.sagas.keys()])
  if (fate < 760) return deliverOne(world, choose)
  if (fate < 850) return callOne(world, choose)
  if (fate < 858) {
    world.input(transaction_id, { kind: 'cancel', reason: 'gave up' })
    return `${transaction_id} is given up`
  }
  if (fate < 895) {
    world.payFromOutside(transaction_id)
    return `${transaction_id} is paid from outside`
  }
  if (fate < 915) {
    world.passTime(choose.pick([10, 1_000, 10_000, 61_000]))
    return `it is ${world.now.toISOString()}`
  }
  if (fate < 960) {
    for (const id of world.sagas.keys()) world.input(id, { kind: 'deadline' })
    return 'deadlines are looked at'
  }
  if (fate < 990) {
    world.expireCodes()
    return 'codes are looked at'
  }
  world.input(transaction_id, { kind: 'resume' })
  return `an operator resumes ${transaction_id}`
}

function deliverOne(world: World, choose: Random): string {
  const index = choose.int(world.network.length)
  const [message] = world.network.splice(index, 1)
  if (!message) return 'nothing to deliver'
  const said = `${message.topic} of ${message.transaction_id}`
  if (choose.chance(10)) {
    world.network.push(message) // the process died before its commit: nothing happened, and it comes again
    return `${said} dies before the commit`
  }
  world.deliver(message)
  if (!choose.chance(20)) return said
  world.network.push(message) // it died after the commit and before the acknowledgement
  return `${said}, not acknowledged`
}

function callOne(world: World, choose: Random): string {
  const [call] = world.calls.splice(choose.int(world.calls.length), 1)
  if (!call) return 'nothing to call'
  if (choose.chance(15)) return `the call of ${call.transaction_id} is never made`
  const isLost = choose.chance(25)
  world.answer(call, isLost)
  return `the call of ${call.transaction_id}${isLost ? ', its answer lost' : ''}`
}

/** The storm is over: everything is delivered, clocks go on, operators do their part. False when all is done. */
function goOn(world: World, trace: string[]): boolean {
  const message = world.network.shift()
  if (message) {
    world.deliver(message)
    trace.push(`${message.topic} of ${message.transaction_id}`)
    return true
  }
  const call = world.calls.shift()
  if (call) {
    world.answer(call, false)
    trace.push(`the call of ${call.transaction_id}`)
    return true
  }
  const next = world.nextMoment()
  if (next) {
    if (next > world.now) world.now = next
    world.expireCodes()
    for (const id of world.sagas.keys()) world.input(id, { kind: 'deadline' })
    trace.push(`it is ${world.now.toISOString()}`)
    return true
  }
  const [stuck] = world.unfinished
  if (!stuck) return false
  world.input(stuck.transaction_id, { kind: 'resume' })
  trace.push(`an operator resumes ${stuck.transaction_id}`)
  return true
}
