/** Whether each service answers and may take traffic, asked at once; one that does not answer holds nobody up. */
import { serviceNames } from '#contracts'
import type { AddressOf } from '../settings.ts'

const PATIENCE_MS = 2_000

export interface ServiceHealth {
  readonly name: string
  readonly state: 'up' | 'not_ready' | 'down'
  readonly ms?: number
  readonly version?: string
}

export const healthOf = (addressOf: AddressOf): Promise<readonly ServiceHealth[]> =>
  Promise.all(serviceNames.map((name) => one(name, addressOf(name))))

async function one(name: string, address: string): Promise<ServiceHealth> {
  const began = performance.now()
  const ask = (path: string) => fetch(address + path, { signal: AbortSignal.timeout(PATIENCE_MS) })
  try {
    const [ready, health] = await Promise.all([ask('/ready'), ask('/health')])
    const ms = performance.now() - began
    const { version = '' } = (await health.json()) as { version?: string }
    await ready.body?.cancel()
    return { name, state: ready.ok ? 'up' : 'not_ready', ms, version }
  } catch {
    return { name, state: 'down' }
  }
}
