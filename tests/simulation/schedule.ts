/**
 * The possible next steps. In a storm anything can happen: each step is one number, from which all its choices follow. So a schedule
 * is a list of numbers, and stays one when some are dropped. After the storm only the remaining work is done, without chance.
 */
import { isUnavailable } from '#platform/database/pg-errors'
import { isFinal } from '#saga'
import * as returns from './comings-back.ts'
import * as counter from './counter.ts'
import type { Happening } from './happenings.ts'
import * as people from './happenings.ts'
import { deadLetters } from './memory-dead-letters.ts'
import { outbox } from './memory-outbox.ts'
import { sagas } from './memory-saga-store.ts'
import { refundUnmatched, unmatched } from './memory-unmatched-store.ts'
import * as processes from './processes.ts'
import { type Random, random } from './random.ts'
import { Injected } from './service.ts'
import * as transport from './transport.ts'
import * as warranty from './warranty.ts'
import { nextMoment, type World } from './world.ts'

/** How often, in about a thousand steps, each of these things happens. */
const HAPPENINGS: readonly [often: number, happen: Happening][] = [
  [30, people.start],
  [400, transport.deliver],
  [130, transport.relay],
  [60, transport.workTogether],
  [50, transport.carryCall],
  [45, transport.carryAnswer],
  [8, people.giveUp],
  [40, people.payByCode],
  [20, counter.takeAtCounter],
  [5, counter.workAtCounter],
  [30, people.tellOfTransfers],
  [4, people.tellOfCancellation],
  [10, people.trouble],
  [15, people.passTime],
  [40, people.passToNextMoment],
  [15, people.lookAtDeadlines],
  [15, people.lookAtCodes],
  [25, people.runDueErrands],
  [5, people.resume],
  [6, people.redo],
  [36, returns.askReturn],
  [30, returns.receiveVehicle],
  [5, returns.callReturnOff],
  [3, returns.redoReturned],
  [4, returns.giveStepUp],
  [160, returns.silenceReturn],
  [4, returns.pickUp],
  [12, warranty.abate],
  [5, processes.replayOne],
  [5, people.workOnVehicle],
  [3, people.workOnCustomer],
  [8, processes.kill],
  [35, processes.bringUp],
  [1, processes.upgrade],
  [6, processes.release],
  [4, processes.spoil],
  [6, transport.cut],
  [14, transport.mend],
]
const TOTAL = HAPPENINGS.reduce((sum, [often]) => sum + often, 0)

export async function disturb(world: World, step: number): Promise<string> {
  const choose = random(step)
  let fate = choose.int(TOTAL)
  for (const [often, happen] of HAPPENINGS) {
    if (fate < often) return await wanted(happen, world, choose)
    fate -= often
  }
  throw new Error('fate is below the total')
}

/** Errors that the schedule itself has caused are no findings. */
async function wanted(happen: Happening, world: World, choose: Random): Promise<string> {
  try {
    return await happen(world, choose)
  } catch (error) {
    if (error instanceof Injected || isUnavailable(error)) return `${happen.name}: it fails`
    throw error
  }
}

/** After the storm: everything is mended and started, messages are delivered, operators do their part. Undefined when all is done. */
export async function settle(world: World): Promise<string | undefined> {
  const { network, services, money } = world
  network.mend()
  money.trouble = undefined
  for (const service of services) {
    service.isBroken = false
    service.database.fate = undefined
  }
  const down = services.find(({ isUp }) => !isUp)
  if (down) return processes.startOne(world, down)
  return (
    (await carryOn(world)) ??
    (await tellTheRest(world)) ??
    (await counter.giveUpAtCounter(world)) ??
    (await waitFor(world)) ??
    operatorActs(world)
  )
}

async function carryOn(world: World): Promise<string | undefined> {
  const { network, services } = world
  const full = services.find(({ hasToPublish, hasToRemove }) => hasToPublish || hasToRemove)
  if (full) {
    full.publishAll()
    await full.remove()
    return `${full.name} publishes`
  }
  const [subscription] = network.waiting
  const owner = subscription && transport.ownerOf(world, subscription)
  if (subscription && owner) {
    const batch = network.queues.get(subscription)?.splice(0) ?? []
    await transport.handle(world, owner, subscription, batch)
    return `${subscription} of ${batch.map(({ message }) => message.transaction_id).join(', ')}`
  }
  const calm = { int: () => 0, chance: () => false, pick: <T>([first]: readonly T[]) => first as T }
  if (network.calls.length > 0) return transport.carryCall(world, calm)
  if (network.answers.length > 0) return transport.carryAnswer(world, calm)
  const isLeft = services.some(({ database }) => database.rows(outbox).size > 0)
  if (isLeft) throw new Error('an outbox keeps what nobody publishes')
  return undefined
}

async function tellTheRest(world: World): Promise<string | undefined> {
  const { money } = world
  const untold = [...money.transfers.values()].filter(({ end_to_end_id }) => !money.told.has(end_to_end_id))
  return untold.length > 0 ? await people.tell(world, untold) : undefined
}

const waitFor = async (world: World): Promise<string | undefined> =>
  nextMoment(world) === undefined ? undefined : people.passToNextMoment(world)

async function operatorActs({ services, orquestrador, pagamento }: World): Promise<string | undefined> {
  for (const service of services) {
    for (const { id, status } of service.database.rows(deadLetters).values())
      if (status === 'waiting') return processes.replayLetter(service, id)
  }
  const { database, clock } = pagamento.service
  for (const { id, status } of database.rows(unmatched).values()) {
    if (status !== 'parked') continue
    await refundUnmatched(database, id, clock.now())
    return `an operator refunds the unmatched payment ${id}`
  }
  const stuck = [...orquestrador.service.database.rows(sagas).values()].find((saga) => !isFinal(saga))
  if (!stuck) return undefined
  await orquestrador.runner().apply(stuck.transaction_id, { kind: 'resume', by: 'admin' })
  return `an operator resumes ${stuck.transaction_id}`
}
