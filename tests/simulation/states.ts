/**
 * Counts the distinct states that runs have reached. The state of a purchase is what each service has on record about it
 * and what is in flight for it, without amounts, times and ids; the state of the world is that of all its purchases.
 */
import { codes, payments } from './memory-charge-store.ts'
import { creditHolds } from './memory-credit-store.ts'
import { deadLetters } from './memory-dead-letters.ts'
import { outbox } from './memory-outbox.ts'
import { reservations, vehicles } from './memory-reservation-store.ts'
import { sagas } from './memory-saga-store.ts'
import type { World } from './world.ts'

/** There are too many worlds to keep, so they are counted by the bits that their hashes set (linear counting, within 0.1 %). */
const BITS = 2 ** 28

export class States {
  readonly purchases = new Set<number>()
  /** How many bits it has set. */
  marked = 0
  readonly #bits: Uint8Array<SharedArrayBuffer>

  /** Threads that share the memory count together: each counts the worlds that it was the first to see. */
  constructor(memory: SharedArrayBuffer) {
    this.#bits = new Uint8Array(memory)
  }

  note(world: World): void {
    const { services, network, veiculo } = world
    const flying = inFlight(world)
    let sum = 0
    for (const id of world.orquestrador.service.database.rows(sagas).keys()) {
      const hash = purchaseState(world, String(id), flying.get(String(id))?.sum ?? 0)
      this.purchases.add(hash)
      sum = (sum + hash) % Number.MAX_SAFE_INTEGER
    }
    const rest = new Hash()
    for (const { isUp, isBroken } of services) rest.add((isUp ? 2 : 0) + (isBroken ? 1 : 0))
    for (const { status } of veiculo.service.database.rows(vehicles).values()) rest.add(wordOf(status))
    rest.add(network.cut.size + (network.callsAreCut ? 100 : 0))
    this.#mark((rest.value + sum) % BITS)
  }

  #mark(bit: number): void {
    const mask = 1 << (bit % 8)
    if ((Atomics.or(this.#bits, Math.floor(bit / 8), mask) & mask) === 0) this.marked += 1
  }
}

export const sharedMemory = (): SharedArrayBuffer => new SharedArrayBuffer(BITS / 8)

/** About how many worlds have set so many bits. */
export const worldsOf = (marked: number): number => Math.round(-BITS * Math.log(1 - marked / BITS))

interface Flying {
  readonly seen: Set<number>
  /** A hash of the words that does not depend on their order. */
  sum: number
}

/** The types of what is under way, by transaction, without regard to how many copies there are. */
function inFlight({ network, services }: World): Map<string, Flying> {
  const flying = new Map<string, Flying>()
  const add = (transaction_id: string, where: number, what: string) => {
    const known = flying.get(transaction_id) ?? { seen: new Set<number>(), sum: 0 }
    flying.set(transaction_id, known)
    const word = Math.imul(wordOf(what), where)
    if (known.seen.has(word)) return
    known.seen.add(word)
    known.sum = (known.sum + word) >>> 0
  }
  for (const queue of network.queues.values())
    for (const { message } of queue) add(message.transaction_id, 1, message.type)
  for (const { database } of services) {
    for (const { messages } of database.rows(outbox).values())
      for (const { transaction_id, type } of messages) add(transaction_id, 0x9e3779b1, type)
    for (const { message, status } of database.rows(deadLetters).values())
      if (status === 'waiting') add(message.transaction_id, 0x85ebca6b, message.type)
  }
  for (const { transaction_id } of network.calls) add(transaction_id, 1, 'call')
  for (const { call } of network.answers) add(call.transaction_id, 1, 'answer')
  return flying
}

function purchaseState(world: World, transaction_id: string, flying: number): number {
  const { cliente, veiculo, pagamento, orquestrador } = world
  const saga = orquestrador.service.database.rows(sagas).get(transaction_id)
  const hold = cliente.database.rows(creditHolds).get(transaction_id)
  const reservation = veiculo.service.database.rows(reservations).get(transaction_id)
  const code = pagamento.service.database.rows(codes).get(transaction_id)
  const payment = pagamento.service.database.rows(payments).get(transaction_id)
  const hash = new Hash()
  hash.add(flying)
  hash.add(Math.min(saga?.attempt ?? 0, 3))
  hash.add(Number(payment !== undefined) + Number(Boolean(payment?.refund_due_at)))
  for (const text of [saga?.status, saga?.step, saga?.data.payment_type, hold?.status, hold?.reason])
    hash.add(wordOf(text))
  for (const text of [reservation?.status, reservation?.reason, code?.status, code?.reason, code?.task?.kind])
    hash.add(wordOf(text))
  hash.add(wordOf(payment?.status))
  return hash.value
}

const words = new Map<string, number>()

/** A number for a text, the same in every process (FNV-1a). */
function wordOf(text: string | null | undefined): number {
  if (!text) return 0
  let word = words.get(text)
  if (word === undefined) {
    word = 0x811c9dc5
    for (let at = 0; at < text.length; at += 1) word = Math.imul(word ^ text.charCodeAt(at), 0x01000193)
    words.set(text, word)
  }
  return word
}

/** 53 bits, of two 32-bit ones with different beginnings. */
class Hash {
  #one = 0x811c9dc5
  #other = 0x1b873593

  add(word: number): void {
    this.#one = Math.imul(this.#one ^ word, 0x01000193)
    this.#one ^= this.#one >>> 13
    this.#other = Math.imul(this.#other ^ word, 0x85ebca6b)
    this.#other ^= this.#other >>> 15
  }

  get value(): number {
    return (this.#one >>> 0) * 2 ** 21 + ((this.#other >>> 0) >>> 11)
  }
}
