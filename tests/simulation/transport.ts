/** What happens to messages, calls and processes: delivered, doubled, lost, cut off, killed, brought back, replayed. */
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
import { deadLetters, discard } from './memory-dead-letters.ts'
import type { Call } from './network.ts'
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

/** The relay gets on by one piece; and may die between two messages of one transaction. */
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

export const kill: Happening = (world, choose) => {
  const service = choose.pick(world.services)
  killOne(world, service)
  return `${service.name} is killed`
}

/** Calls that it has made may still arrive; nobody waits for their answers any more. */
function killOne({ network, orquestrador }: World, service: Service): void {
  service.kill()
  if (service !== orquestrador.service) return
  const nobody = { resolve: () => {}, reject: () => {} }
  network.calls = network.calls.map((call) => ({ ...call, ...nobody }))
  network.answers = network.answers.map(({ call, result }) => ({ call: { ...call, ...nobody }, result }))
}

export async function bringUp(world: World, choose: Random): Promise<string> {
  const down = world.services.filter(({ isUp }) => !isUp)
  if (down.length === 0) return 'all are up'
  return startOne(world, choose.pick(down))
}

export async function startOne({ orquestrador }: World, service: Service): Promise<string> {
  service.start()
  if (service === orquestrador.service) await orquestrador.recover()
  return `${service.name} starts`
}

export const upgrade: Happening = async (world) => {
  const { service, upgrade: deploy } = world.orquestrador
  killOne(world, service)
  deploy()
  await startOne(world, service)
  return 'the next version of the definition is deployed'
}

export const release: Happening = ({ services }, choose) => {
  const service = choose.pick(services)
  service.isBroken = !service.isBroken && choose.chance(50)
  return `${service.name} ${service.isBroken ? 'gets a broken release' : 'gets a sound release'}`
}

/** A copy that nobody can read, or of a version to come, whose body would do harm if it were guessed at. */
export const spoil: Happening = ({ network, nextId }, choose) => {
  const busy = [...network.queues].filter(([, queue]) => queue.length > 0)
  if (busy.length === 0) return 'nothing to spoil'
  const [subscription, queue] = choose.pick(busy)
  const { message } = choose.pick(queue)
  const copy = { ...message, message_id: nextId() }
  const harm = { ...(message.body as object), amount_cents: 1, price_cents: 1 }
  if (choose.chance(50)) queue.push({ message: { ...copy, schema_version: 99, body: harm }, attempt: 1 })
  else queue.push({ message: { ...copy, body: null }, attempt: 1, unreadable: 'garbled' })
  return `a spoiled copy comes to ${subscription}`
}

export async function replayOne(world: World, choose: Random): Promise<string> {
  const service = choose.pick(world.services)
  const letters = [...service.database.rows(deadLetters).values()].filter(({ status }) => status !== 'discarded')
  if (!service.isUp || letters.length === 0) return 'nothing to replay'
  return replayLetter(service, choose.pick(letters).id)
}

export async function replayLetter(service: Service, id: number): Promise<string> {
  const operator = { by: 'operator', now: service.clock.now() }
  const letter = service.database.rows(deadLetters).get(id)
  const { outcome } = await service.replay(id, operator)
  const isHopeless = outcome === 'failed' && /unknown version|garbled/.test(letter?.reason ?? '')
  if (isHopeless) await discard(service.database, id, 'no use', operator)
  return `an operator replays ${letter?.message.type} of ${letter?.message.transaction_id}: ${outcome}`
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
