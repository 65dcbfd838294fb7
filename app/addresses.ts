/** Where the roster's processes listen, and find each other over HTTP, by configuration. */
import { isServiceName, pages, processes, serviceNames, services } from '#contracts'
import { type Config, portOf } from '#platform/config'

/** Addresses of services in other processes: from their variable, else at their port on `host`. */
export function addresses(config: Config, host = '127.0.0.1'): (service: string) => string {
  return (service) => {
    if (!isServiceName(service)) throw new Error(`nobody knows where ${service} is`)
    return config[services[service].url] ?? `http://${host}:${portOf(config, service)}`
  }
}

/** The variables that tell a process the address of every service. */
export const addressVariables = (addressOf: (service: string) => string): Record<string, string> =>
  Object.fromEntries(serviceNames.map((name) => [services[name].url, addressOf(name)]))

/** The variables that make every process take a free port. */
export const ANY_PORT: Readonly<Record<string, string>> = Object.fromEntries(
  [...Object.values(processes), pages].map(({ port: [variable] }) => [variable, '0']),
)
