/** Picks ports: the standard one if nobody listens there, else one that the system gives. */
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { Config } from '#platform/config'

/** These may move to another port; the other processes stay at their known ports. */
const MOVABLE = ['PORT_IDENTIDADE', 'PORT_AVISOS'] as const

export interface Moved {
  readonly config: Config
  /** A sentence for each port that was taken. */
  readonly said: readonly string[]
}

/** Applies only where no port was configured. */
export async function moveFromTakenPorts(
  config: Config,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Moved> {
  const moved: Record<string, number> = {}
  const said: string[] = []
  for (const name of MOVABLE.filter((one) => !environment[one])) {
    const port = await freePort(config[name], config.HOST)
    if (port === config[name]) continue
    moved[name] = port
    said.push(`Port ${config[name]} is taken: ${name} is ${port} this time.`)
  }
  return { config: { ...config, ...moved }, said }
}

/** The same for a process that this one starts. */
export const portVariables = (config: Config): Record<string, string> =>
  Object.fromEntries(MOVABLE.map((name) => [name, String(config[name])]))

/** `wanted` if nobody listens there, else one that the system gives. */
export async function freePort(wanted: number, host: string): Promise<number> {
  return wanted !== 0 && (await isFree(wanted, host)) ? wanted : anyFree(host)
}

async function isFree(port: number, host: string): Promise<boolean> {
  const server = createServer()
  try {
    server.listen(port, host)
    await once(server, 'listening')
    return true
  } catch {
    return false
  } finally {
    server.close()
  }
}

async function anyFree(host: string): Promise<number> {
  const server = createServer().listen(0, host)
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port is free')
  return address.port
}
