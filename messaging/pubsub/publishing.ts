/** Messages on their way to Pub/Sub. Those that arrive during a request to a topic go with the next. No timer, no added wait. */
import type { Message } from '#contracts'
import { type GroupCommit, groupCommit } from '#platform/batching/group-commit'

export interface Publishing {
  /** Resolves when Pub/Sub has acknowledged it. */
  publish(message: Message): Promise<void>
  /** Resolves when nothing is on its way. */
  idle(): Promise<void>
}

/** Pub/Sub takes 1,000 messages or 10 MB in one request. */
const PUBLISH_LIMIT = 500

/** `mend` repairs the cause, so that a second try makes sense, or throws. */
export function publishing(
  send: (topic: string, messages: readonly Message[]) => Promise<void>,
  mend: (error: unknown) => Promise<void>,
): Publishing {
  const queues = new Map<string, GroupCommit<Message, unknown>>()

  function queueFor(topic: string) {
    const known = queues.get(topic)
    if (known) return known
    const made = groupCommit<Message, unknown>((messages) => sendAll(topic, messages), { limit: PUBLISH_LIMIT })
    queues.set(topic, made)
    return made
  }

  /** A fault for each, or undefined: a request fails for all of its messages. */
  async function sendAll(topic: string, messages: readonly Message[]) {
    try {
      await send(topic, messages).catch(async (error) => {
        await mend(error)
        await send(topic, messages)
      })
      return messages.map(() => undefined)
    } catch (error) {
      return messages.map(() => error)
    }
  }

  return {
    async publish(message) {
      const fault = await queueFor(message.type).submit(message)
      if (fault) throw fault
    },
    async idle() {
      await Promise.all([...queues.values()].map((queue) => queue.idle()))
    },
  }
}
