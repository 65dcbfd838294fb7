/** Endless answers: passed on piece by piece, and ended when the gateway stops. */
import { PassThrough, type Readable } from 'node:stream'

export interface EventStreams {
  /** The stream that the client reads in place of `source`. When either side breaks off, the other is closed. */
  pass(source: Readable): Readable
  /** Ends all streams: readers see an end, not a lost connection, and connect again elsewhere. */
  end(): void
}

export function eventStreams(): EventStreams {
  const open = new Map<PassThrough, Readable>()

  return {
    pass(source) {
      const through = new PassThrough()
      open.set(through, source)
      source.on('error', () => through.destroy())
      through.once('close', () => {
        open.delete(through)
        source.destroy()
      })
      return source.pipe(through)
    },
    end() {
      for (const [through, source] of open) {
        source.unpipe(through)
        through.end()
      }
    },
  }
}
