/** Events of messages, calls and lines: delivered, doubled, lost, cut off, and handled at the same time. */
import type { Delivery } from '../../messaging/bus.ts'
import { Crew, settled } from './crew.ts'
import {
  type Happening,
  lookAtCodes,
  lookAtDeadlines,
  mayBeCutOff,
  runDueErrands,
  tellOfTransfers,
} from './happenings.ts'
import { LOST_CONNECTION } from './memory.ts'
import type { Call } from './network.ts'
import { killOne } from './processes.ts'
import type { Random } from './random.ts'
import type { Service } from './service.ts'
import type { World } from './world.ts'

export async function deliver(world: World, choose: Random): Promise<string> {
  const ready = world.network.waiting.filter((name) => ownerOf(world, name)?.isUp)
  if (ready.length === 0) return 'nothing to deliver'
  const subscription = choose.pick(ready)
  const owner = ownerOf(world, subscription) as Service
  const batch = take(world, subscription, choose)
  if (choose.chance(12)) world.network.queues.get(subscription)?.push(...batch) // a copy, or not acknowledged in time
  mayBeCutOff(world, choose, owner.name)
  await handle(world, owner, subscription, batch)
  if (owner.isBroken && choose.chance(50)) await insist(world, owner, subscription)
  const said = `${subscription} of ${batch.map(({ message }) => message.transaction_id).join(', ')}`
  owner.database.fate = undefined
  if (choose.chance(3)) {
    killOne(world, owner)
    return `${said}, then ${owner.name} is killed`
  }
  if (choose.chance(75)) {
    owner.publishAll()
    await owner.remove()
    return said
  }
  return `${said}, not published yet`
}

/** Messages that a broken release fails come again at once, until they are parked. */
async function insist(world: World, owner: Service, subscription: string): Promise<void> {
  for (let again = 0; again < 4; again += 1)
    await handle(world, owner, subscription, world.network.queues.get(subscription)?.splice(0) ?? [])
}

export async function handle(
  { network }: Pick<World, 'network'>,
  owner: Service,
  subscription: string,
  batch: readonly Delivery[],
  replica = 0,
): Promise<void> {
  const consume = owner.consumers[replica]?.get(subscription)
  const queue = network.queues.get(subscription)
  if (!consume || !queue) throw new Error(`nobody consumes ${subscription}`)
  try {
    const again = await consume(batch)
    queue.push(...again.map((delivery) => ({ ...delivery, attempt: delivery.attempt + 1 })))
  } catch {
    queue.push(...batch)
  }
}

function take({ network }: World, subscription: string, choose: Random): Delivery[] {
  const queue = network.queues.get(subscription) ?? []
  const most = choose.chance(60) ? 1 : 1 + choose.int(4)
  return Array.from({ length: Math.min(most, queue.length) }, () => queue.splice(choose.int(queue.length), 1)).flat()
}

export const ownerOf = ({ services }: World, subscription: string): Service | undefined =>
  services.find(({ name }) => subscription.startsWith(name))

/** Two replicas, or two queues of one process, work at once: each statement of one may fall between those of the other. */
export async function workTogether(world: World, choose: Random): Promise<string> {
  const service = choose.pick(world.services)
  const names = world.network.waiting.filter((name) => ownerOf(world, name) === service)
  if (!service.isUp || names.length === 0) return 'no company'
  const jobs = [0, 1].map((replica) => jobOf(world, service, names, replica, choose))
  const crew = new Crew(choose)
  service.database.crew = crew
  try {
    await crew.run(jobs.map(({ run }) => run()))
  } finally {
    service.database.crew = undefined
  }
  return `together: ${jobs.map(({ said }) => said).join(' and ')}`
}

function jobOf(world: World, service: Service, names: readonly string[], replica: number, choose: Random) {
  const extra: Readonly<Record<string, readonly Happening[]>> = {
    'pagamento-service': [lookAtCodes, runDueErrands, tellOfTransfers],
    orquestrador: [lookAtDeadlines],
  }
  const others = extra[service.name] ?? []
  if (replica === 1 && others.length > 0 && choose.chance(40)) {
    const happening = choose.pick(others)
    const calm: Random = { ...choose, chance: () => false }
    return { said: happening.name, run: async () => happening(world, calm) }
  }
  const subscription = choose.pick(names)
  const batch = take(world, subscription, choose)
  return { said: subscription, run: () => handle(world, service, subscription, batch, replica) }
}

export async function carryCall(world: World, choose: Random): Promise<string> {
  const { network, veiculo } = world
  const call = takeAny(network.calls, choose)
  if (!call) return 'nothing to call'
  const said = `the call of ${call.transaction_id}`
  if (network.callsAreCut || !veiculo.service.isUp || choose.chance(10)) {
    call.reject(LOST_CONNECTION)
    await settled()
    return `${said} never arrives`
  }
  mayBeCutOff(world, choose, veiculo.service.name)
  await sell(world, call)
  veiculo.service.database.fate = undefined
  return said
}

export async function sell({ network, veiculo }: World, call: Call): Promise<void> {
  const { vehicle_id, transaction_id } = call
  try {
    const sold = await veiculo.sell({ vehicle_id, transaction_id })
    if (typeof sold === 'string') network.answers.push({ call, result: { refused: sold } })
    else network.answers.push({ call, result: { answer: { pickup_code: sold.pickup_code } } })
  } catch (error) {
    veiculo.service.noteFault(error)
    network.answers.push({ call, result: LOST_CONNECTION })
  }
}

export async function carryAnswer(world: World, choose: Random): Promise<string> {
  const answer = takeAny(world.network.answers, choose)
  if (!answer) return 'nothing is answered'
  const { call, result } = answer
  const said = `the answer to ${call.transaction_id}`
  const isLost = result instanceof Error || choose.chance(20)
  if (!isLost) mayBeCutOff(world, choose, 'orquestrador')
  if (result instanceof Error || isLost) call.reject(LOST_CONNECTION)
  else call.resolve(result)
  await settled()
  return isLost ? `${said} is lost` : said
}

const takeAny = <T>(from: T[], choose: Random): T | undefined => from.splice(choose.int(from.length), 1)[0]

/** The relay does one piece of work, and may die between two messages of one transaction. */
export async function relay(world: World, choose: Random): Promise<string> {
  const service = choose.pick(world.services)
  if (!service.isUp) return 'a relay is down'
  if (service.hasToRemove && choose.chance(40)) {
    await service.remove()
    return `${service.name} removes what it has published`
  }
  if (!service.hasToPublish) return 'nothing to publish'
  if (choose.chance(10)) {
    service.publish(1)
    killOne(world, service)
    return `${service.name} publishes one message and dies`
  }
  service.publish()
  if (!choose.chance(10)) return `${service.name} publishes`
  killOne(world, service)
  return `${service.name} publishes and dies before it has removed the row`
}

export const cut: Happening = ({ network }, choose) => {
  const line = choose.pick([...network.queues.keys(), 'calls'])
  if (line === 'calls') network.callsAreCut = true
  else network.cut.add(line)
  return `the line of ${line} is cut`
}

export const mend: Happening = ({ network }) => {
  network.mend()
  return 'all lines are mended'
}
