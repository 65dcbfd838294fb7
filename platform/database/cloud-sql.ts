/**
 * Cloud SQL by Google's connector: an address like `postgresql://USER@PROJECT%3AREGION%3AINSTANCE/DATABASE` is reached by TLS with
 * certificates of an hour that Google gives this machine's service account. So there is no password, and no proxy beside the process.
 */
import type { Socket } from 'node:net'
import type { Connector } from '@google-cloud/cloud-sql-connector'

interface Reached {
  readonly connector: Connector
  readonly stream: () => Socket
  users: number
}

const INSTANCE = /^[a-z][a-z0-9.:-]*:[a-z]+-[a-z]+\d+:[a-z][a-z0-9-]*$/
const reached = new Map<string, Reached>()

/** `project:region:instance`, where the address names one; undefined for a server with a name of its own. */
export function instanceOf(url: string): string | undefined {
  const host = URL.canParse(url) ? decodeURIComponent(new URL(url).hostname) : ''
  return INSTANCE.test(host) ? host : undefined
}

/**
 * Asked before the first connection, and given back after the last: the connector would keep the process. Does nothing where the server
 * has a name of its own. `adminUrl`: of Cloud SQL's API.
 */
export async function reach(url: string, adminUrl: string): Promise<Disposable> {
  const instance = instanceOf(url)
  if (!instance) return { [Symbol.dispose]() {} }
  const one = reached.get(instance) ?? (await firstReached(instance, adminUrl))
  one.users += 1
  return {
    [Symbol.dispose]() {
      one.users -= 1
      if (one.users > 0) return
      reached.delete(instance)
      one.connector.close()
    },
  }
}

async function firstReached(instanceConnectionName: string, sqlAdminAPIEndpoint: string): Promise<Reached> {
  // half a second to load: for those alone who need it
  const { AuthTypes, Connector, IpAddressTypes } = await import('@google-cloud/cloud-sql-connector')
  const connector = new Connector({ sqlAdminAPIEndpoint })
  const where = { instanceConnectionName, ipType: IpAddressTypes.PRIVATE, authType: AuthTypes.IAM }
  const { stream } = await connector.getOptions(where)
  const other = reached.get(instanceConnectionName) // that was faster
  if (other) connector.close()
  const one = other ?? { connector, stream, users: 0 }
  reached.set(instanceConnectionName, one)
  return one
}

interface Connection {
  readonly connectionString: string
  readonly stream?: () => Socket
}

/** What `pg` connects with. Throws for an instance of Cloud SQL that was not reached before. */
export function connectionTo(url: string): Connection {
  const instance = instanceOf(url)
  if (!instance) return { connectionString: url }
  const one = reached.get(instance)
  if (!one) throw new Error(`${instance} has to be reached before it is connected to`)
  return { connectionString: url, stream: one.stream }
}
