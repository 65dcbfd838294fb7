/**
 * `GET /metrics` on a port of its own (PORT_METRICS), for monitoring on this machine. The ports that serve people then do
 * not have it. In a process of several services each has its own path, `/metrics/cliente-service`.
 */
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { TEXT_FORMAT, type Telemetry } from '../telemetry.ts'

export interface Figures extends AsyncDisposable {
  /** `http://127.0.0.1:9100` */
  readonly url: string
  add(service: string, telemetry: Telemetry): void
}

const PATH = /^\/metrics(?:\/([a-z-]{1,60}))?(?:\?.*)?$/

/** Rejects with EADDRINUSE when the port is taken. */
export async function openFigures(port: number, host: string): Promise<Figures> {
  const known = new Map<string, Telemetry>()

  async function answer(target: string, response: ServerResponse) {
    const [, service] = PATH.exec(target) ?? [undefined, '']
    const found = service === undefined && known.size === 1 ? [...known.values()][0] : known.get(service ?? '')
    if (!found)
      return response.writeHead(404).end(`${[...known.keys()].map((name) => `/metrics/${name}`).join('\n')}\n`)
    return response.writeHead(200, { 'content-type': TEXT_FORMAT }).end(await found.text())
  }

  const server = createServer({ requestTimeout: 10_000 }, ({ url = '/' }, response) => {
    answer(url, response).catch(() => response.writeHead(500).end())
  })
  server.listen(port, host)
  await once(server, 'listening')
  const { port: taken } = server.address() as AddressInfo
  return {
    url: `http://${host}:${taken}`,
    add: (service, telemetry) => void known.set(service, telemetry),
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close')
      server.closeAllConnections()
      server.close()
      await closed
    },
  }
}
