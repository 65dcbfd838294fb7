/**
 * One service's process: its database outlives it, everything else is forgotten when it is killed. Its unit of work and
 * consumers are the real ones; its relay hands over, publishes and removes when the schedule says so.
 */
import type { Message } from '#contracts'
import type { MessageHandler, MessageIntake, UnitOfWork } from '#messaging'
import type { Clock, Ids } from '#platform/clock'
import { isUnavailable } from '#platform/database/pg-errors'
import { replayer } from '../../host/replay.ts'
import type { BatchHandler } from '../../messaging/bus.ts'
import { consumer } from '../../messaging/consume.ts'
import { type Committed, unitOfWork } from '../../messaging/outbox/unit-of-work.ts'
import { LOST_CONNECTION, MemoryDatabase, staged, Violation } from './memory.ts'
import { outbox, removeSent } from './memory-outbox.ts'
import type { Network } from './network.ts'

type Receiver = MessageHandler | MessageIntake

export interface SimulatedContext {
  readonly database: MemoryDatabase
  readonly unitOfWork: UnitOfWork
  readonly clock: Clock
  readonly ids: Ids
}

/** An error that the schedule wanted; any other error of a handler is a finding. */
export class Injected extends Error {}

const BROKEN = new Injected('a broken release')

export class Service {
  readonly name: string
  readonly clock: Clock
  readonly database = new MemoryDatabase()
  isUp = true
  /** A release whose handlers fail whatever they are asked. */
  isBroken = false
  /** Two of them, as of two replicas; the second works only beside the first. */
  consumers: readonly Map<string, BatchHandler>[] = []
  /** Unexpected errors. */
  readonly faults: unknown[] = []
  readonly unitOfWork: UnitOfWork
  replay: ReturnType<typeof replayer>
  readonly #network: Network
  readonly #receivers: () => readonly Receiver[]
  /** Rows that wait to be published, and rows that wait to be removed. */
  #inHand: { readonly id: string; readonly messages: readonly Message[] }[] = []
  #published: string[] = []
  #sweepsSoon = false

  /** `receivers` is asked anew for each replica at each start. */
  constructor(
    name: string,
    { network, clock, ids }: { network: Network; clock: Clock; ids: Ids },
    receivers: (context: SimulatedContext) => readonly Receiver[],
  ) {
    this.name = name
    this.clock = clock
    this.#network = network
    const relay: Committed = {
      committed: (rows) => void this.#inHand.push(...rows),
      doubtful: () => {
        this.#sweepsSoon = true
      },
    }
    this.unitOfWork = unitOfWork(this.database, relay, { ids, clock })
    const context = { database: this.database, unitOfWork: this.unitOfWork, clock, ids }
    this.#receivers = () => receivers(context).map((receiver) => watched(receiver, this, network))
    this.replay = this.#wire()
  }

  kill(): void {
    this.isUp = false
    this.#inHand = []
    this.#published = []
    this.#sweepsSoon = false
    this.database.fate = undefined
  }

  start(): void {
    if (this.isUp) return
    this.isUp = true
    this.replay = this.#wire()
    this.#sweepsSoon = true
  }

  /** The next transaction is cut off there, the connection with it. */
  cutOffAt(at: number | 'before the commit' | 'after the commit'): void {
    this.database.fate = { at, error: LOST_CONNECTION }
  }

  get hasToPublish(): boolean {
    return this.#inHand.length > 0 || this.#sweepsSoon
  }

  get hasToRemove(): boolean {
    return this.#published.length > 0
  }

  /** Takes what it has in hand to the network: `most` messages of the oldest row, and the row itself when that was all. */
  publish(most = Number.POSITIVE_INFINITY): void {
    this.#sweep()
    const row = this.#inHand[0]
    if (!row) return
    for (const message of row.messages.slice(0, most)) this.#network.publish(message)
    if (most < row.messages.length) return
    this.#inHand.shift()
    this.#published.push(row.id)
  }

  publishAll(): void {
    this.#sweep()
    while (this.#inHand.length > 0) this.publish()
  }

  async remove(): Promise<void> {
    const ids = this.#published
    this.#published = []
    if (ids.length === 0) return
    try {
      await removeSent(this.database, ids)
    } catch (error) {
      this.#sweepsSoon = true // as its sweep finds them, every half minute
      throw error
    }
  }

  #sweep(): void {
    if (!this.#sweepsSoon) return
    this.#sweepsSoon = false
    const known = new Set([...this.#inHand.map(({ id }) => id), ...this.#published])
    for (const row of this.database.rows(outbox).values()) if (!known.has(row.id)) this.#inHand.push(row)
  }

  #wire() {
    const replicas = [this.#receivers(), this.#receivers()]
    this.consumers = replicas.map(
      (receivers) =>
        new Map(receivers.map((one) => [one.subscription, consumer(one, this.unitOfWork, this.noteFault)])),
    )
    const [receivers = []] = replicas
    return replayer({ unitOfWork: this.unitOfWork, receivers, onFault: this.noteFault })
  }

  /** Of two that insert the same record, the later fails at its key and is handled again, as it should. */
  readonly noteFault = (error: unknown): void => {
    const isExpected = error instanceof Injected || isUnavailable(error)
    if (!isExpected && !(error instanceof Violation && this.database.crew)) this.faults.push(error)
  }
}

/** Fails while the release is broken. Tells the network which messages are handled, once that is durable. */
function watched(receiver: Receiver, service: Service, network: Network): Receiver {
  const { subscription } = receiver
  const mayFail = () => {
    if (service.isBroken) throw BROKEN
  }
  if ('take' in receiver) {
    const take = async (messages: readonly Message[]) => {
      mayFail()
      await receiver.take(messages)
      network.handled(subscription, messages)
    }
    return { ...receiver, take }
  }
  const handle: MessageHandler['handle'] = async (tx, messages, send) => {
    mayFail()
    await receiver.handle(tx, messages, send)
    staged(tx).afterCommit.push(() => network.handled(subscription, messages))
  }
  return { ...receiver, handle }
}
