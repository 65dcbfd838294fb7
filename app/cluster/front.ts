/** A front for the replicas of one service on one machine: takes TCP connections and passes them to each replica in turn. */
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

export interface Front extends Disposable {
  /** `http://127.0.0.1:8080` */
  readonly url: string
}

/** `upstreams` is called at every connection; a replica that refuses is skipped. `port` 0: a free one. */
export async function startFront(port: number, upstreams: () => readonly string[]): Promise<Front> {
  const open = new Set<Socket>()
  let turn = 0

  const server = createServer(async (client) => {
    client.on('error', () => client.destroy())
    const urls = upstreams()
    turn += 1
    for (let tried = 0; tried < urls.length; tried += 1) {
      const upstream = await connected(urls[(turn + tried) % urls.length] ?? '')
      if (!upstream) continue
      for (const [from, to] of [
        [client, upstream],
        [upstream, client],
      ] as const) {
        open.add(from)
        from.on('error', () => to.destroy())
        from.once('close', () => {
          open.delete(from)
          to.destroy()
        })
        from.pipe(to)
      }
      return
    }
    client.destroy()
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : port}`,
    [Symbol.dispose]() {
      server.close()
      for (const socket of open) socket.destroy()
    },
  }
}

async function connected(url: string): Promise<Socket | undefined> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), noDelay: true })
  try {
    await once(socket, 'connect')
    return socket
  } catch {
    return undefined
  }
}
