/** Events of processes and unhandled messages: processes are killed, brought back, upgraded; messages are spoiled, parked, replayed. */
import type { Happening } from './happenings.ts'
import { deadLetters, discard } from './memory-dead-letters.ts'
import type { Random } from './random.ts'
import type { Service } from './service.ts'
import type { World } from './world.ts'

export const kill: Happening = (world, choose) => {
  const service = choose.pick(world.services)
  killOne(world, service)
  return `${service.name} is killed`
}

/** Calls that it has made may still arrive; nobody waits for their answers any more. */
export function killOne({ network, orquestrador }: World, service: Service): void {
  service.kill()
  if (service !== orquestrador.service) return
  const nobody = { resolve: () => {}, reject: () => {} }
  network.calls = network.calls.map((call) => ({ ...call, ...nobody }))
  network.answers = network.answers.map(({ call, result }) => ({ call: { ...call, ...nobody }, result }))
}

export async function bringUp(world: World, choose: Random): Promise<string> {
  const down = world.services.filter(({ isUp }) => !isUp)
  if (down.length === 0) return 'all are up'
  return await startOne(world, choose.pick(down))
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
  return await replayLetter(service, choose.pick(letters).id)
}

export async function replayLetter(service: Service, id: number): Promise<string> {
  const operator = { by: 'operator', now: service.clock.now() }
  const letter = service.database.rows(deadLetters).get(id)
  const { outcome } = await service.replay(id, operator)
  const isHopeless = outcome === 'failed' && /unknown version|garbled/.test(letter?.reason ?? '')
  if (isHopeless) await discard(service.database, id, 'no use', operator)
  return `an operator replays ${letter?.message.type} of ${letter?.message.transaction_id}: ${outcome}`
}
