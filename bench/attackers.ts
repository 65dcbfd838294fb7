/** The attackers of under-attack.ts, in a thread of their own, so that what they cost themselves is not measured with the others. */
import { parentPort, workerData } from 'node:worker_threads'
import { Pool } from 'undici'

interface Attack {
  readonly door: string
  readonly attackers: number
  /** Requests that each attacker has under way at once. */
  readonly atOnce: number
  readonly paths: readonly string[]
}

const { door, attackers, atOnce, paths } = workerData as Attack
const pool = new Pool(door, { connections: attackers * atOnce })
const statuses = new Map<number, number>()
let isOver = false
parentPort?.once('message', () => {
  isOver = true
})

/** A proxy on this machine is believed when it names its client, so each attacker has an address of its own. */
await Promise.all(
  Array.from({ length: attackers * atOnce }, async (_, worker) => {
    const headers = { 'x-forwarded-for': `203.0.113.${1 + (worker % attackers)}`, 'accept-encoding': 'br' }
    for (let turn = worker; !isOver; turn += 1) {
      const path = paths[turn % paths.length] ?? '/'
      const { statusCode, body } = await pool.request({ method: 'GET', path, headers })
      await body.dump()
      statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1)
    }
  }),
)
await pool.close()
parentPort?.postMessage([...statuses].map(([status, count]) => `${count} answers ${status}`).join(', '))
parentPort?.close()
