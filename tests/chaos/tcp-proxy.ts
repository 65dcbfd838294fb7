/**
 * A line between two programs that can be slow, cut, or a black hole. A black hole never gives anything back, and its connections
 * stay open and silent for ever, as behind a router that has forgotten them: only a time-out at the ends helps.
 */
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

export interface TcpProxy extends AsyncDisposable {
  readonly port: number
  /** Milliseconds that every piece is late; 0 for none. */
  delay(milliseconds: number): void
  /** Ends every connection now, in the middle of whatever is under way. */
  cut(): void
  /** Until told otherwise nothing passes; connections that see this never carry anything again. */
  swallow(everything: boolean): void
}

/** `upstream` is called at every connection, because a restarted program may have another port, or none yet. */
export async function startTcpProxy(upstream: () => number | undefined): Promise<TcpProxy> {
  const pairs = new Set<readonly [Socket, Socket]>()
  const swallowed = new WeakSet<Socket>()
  let lateness = 0
  let swallowing = false

  const server = createServer((client) => {
    client.on('error', () => {})
    const upstreamPort = upstream()
    if (upstreamPort === undefined) return client.destroy()
    const other = connect({ host: '127.0.0.1', port: upstreamPort, noDelay: true })
    client.setNoDelay(true)
    const pair = [client, other] as const
    pairs.add(pair)
    if (swallowing) for (const socket of pair) swallowed.add(socket)
    carry(client, other)
    carry(other, client)
  })

  function carry(from: Socket, to: Socket) {
    let last: Promise<unknown> = Promise.resolve()
    /** In order, even when the delay changes meanwhile; at once without a delay. */
    const inTurn = (work: () => void) => {
      const wait = lateness
      last = last.then(async () => {
        if (wait > 0) await pause(wait, undefined, { ref: false })
        if (!swallowed.has(from)) work()
      })
    }
    from.on('data', (piece) => inTurn(() => void to.write(piece)))
    from.once('end', () => inTurn(() => void to.end()))
    from.on('error', () => {})
    from.once('close', () => {
      if (!swallowed.has(from)) to.destroy()
      for (const pair of pairs) if (pair.includes(from) && pair.every(({ destroyed }) => destroyed)) pairs.delete(pair)
    })
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    delay(milliseconds) {
      lateness = milliseconds
    },
    cut() {
      for (const pair of pairs) for (const socket of pair) socket.destroy()
    },
    swallow(everything) {
      swallowing = everything
      if (everything) for (const pair of pairs) for (const socket of pair) swallowed.add(socket)
    },
    [Symbol.asyncDispose]() {
      server.close()
      for (const pair of pairs) for (const socket of pair) socket.destroy()
      return Promise.resolve()
    },
  }
}
