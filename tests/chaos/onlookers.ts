/** Clients who only look at vehicles, purchases and balances, so that there is a history to check. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Random } from '../simulation/random.ts'
import { type Client, NoAnswer } from './client.ts'
import type { Promises } from './promises.ts'

const ONLOOKERS = 3
/** How many of the latest things are looked at: those are the ones that change. */
const LATELY = 6

/**
 * Looks at everything once when all is at rest. Everything shown before must lead to this state, however few answers a busy
 * machine gave meanwhile.
 */
export async function lookAtAll(client: Client, { vehicles, accepted, customers }: Promises): Promise<void> {
  const places = [
    ['veiculo-service', '/vehicles/', vehicles.keys()],
    ['orquestrador', '/saga-states/', accepted.keys()],
    ['cliente-service', '/customers/', customers.keys()],
  ] as const
  for (const [service, path, ids] of places)
    for (const id of ids) {
      client.calm() // each question has a minute of its own
      await client.ask({ service, method: 'GET', path: `${path}${id}` })
    }
}

/** Until told to stop. */
export async function lookOn(client: Client, promises: Promises, random: Random, isOver: () => boolean): Promise<void> {
  const recent = <Thing>(things: Iterable<Thing>) => {
    const last = [...things].slice(-LATELY)
    return last.length > 0 ? random.pick(last) : undefined
  }
  const ways = [
    () => ['veiculo-service', '/vehicles/', recent(promises.vehicles.keys())] as const,
    () => ['orquestrador', '/saga-states/', recent(promises.accepted.keys())] as const,
    () => ['cliente-service', '/customers/', recent(promises.customers.keys())] as const,
  ]
  async function look() {
    while (!isOver()) {
      const [service, path, id] = random.pick(ways)()
      if (id !== undefined)
        await client.ask({ service, method: 'GET', path: `${path}${id}` }).catch((error: unknown) => {
          if (!(error instanceof NoAnswer)) throw error
          promises.strange.push(error.message)
        })
      await pause(20 + random.int(150))
    }
  }
  await Promise.all(Array.from({ length: ONLOOKERS }, look))
}
