/**
 * Everything between the services: messages in flight, in no order, and calls over HTTP with their answers. What is
 * taken out counts as acknowledged; whoever dies before that gives it back. A cut line keeps what it should carry.
 */
import { Compile } from 'typebox/compile'
import type { MessageContract } from '#contracts'
import type { SagaInput } from '#saga'
import type { Random } from './random.ts'

export interface Sent {
  readonly contract: MessageContract
  readonly transaction_id: string
  readonly body: unknown
}

export interface Call {
  readonly transaction_id: string
  readonly step: string
  readonly vehicle_id: number
}

/** Unlike a message, an answer comes once or never. */
export interface Answer {
  readonly transaction_id: string
  readonly input: SagaInput
}

const checks = new Map<string, ReturnType<typeof Compile>>()

export class Network {
  #messages: Sent[] = []
  readonly #cutTopics = new Set<string>()
  /** How purchases end: for whoever listens, and nobody of those who play here does. */
  readonly published: Sent[] = []
  calls: Call[] = []
  answers: Answer[] = []
  callsAreCut = false

  /** Throws when the message does not fit its contract: its consumer would park it, and the purchase would stand. */
  send(message: Sent): void {
    const { contract, body } = message
    const check = checks.get(contract.topic) ?? Compile(contract.body)
    checks.set(contract.topic, check)
    if (!check.Check(body)) throw new Error(`${contract.topic} does not fit its contract: ${JSON.stringify(body)}`)
    if (contract.topic.startsWith('events.purchase.')) this.published.push(message)
    else this.#messages.push(message)
  }

  /** Removes and returns any message whose line is not cut. */
  takeMessage(choose: Random): Sent | undefined {
    const carried = this.#messages.filter(({ contract }) => !this.#cutTopics.has(contract.topic))
    return carried.length === 0 ? undefined : take(this.#messages, this.#messages.indexOf(choose.pick(carried)))
  }

  takeCall(choose: Random): Call | undefined {
    return this.callsAreCut ? undefined : take(this.calls, choose.int(this.calls.length))
  }

  takeAnswer(choose: Random): Answer | undefined {
    return take(this.answers, choose.int(this.answers.length))
  }

  giveBack(message: Sent): void {
    this.#messages.push(message)
  }

  cut(topic: string): void {
    this.#cutTopics.add(topic)
  }

  mend(): void {
    this.#cutTopics.clear()
    this.callsAreCut = false
  }
}

const take = <T>(from: T[], index: number): T | undefined => from.splice(index, 1)[0]
