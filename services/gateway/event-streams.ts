/** Answers that do not end by themselves: passed on piece by piece, and ended with the gateway. */
import { PassThrough, type Readable } from 'node:stream'

export interface EventStreams {
  /** What the client reads in place of `source`. When either side breaks off, the other is let go. */
  pass(source: Readable): Readable
  /** Ends all: their readers see an end, not a lost connection, and come again elsewhere. */
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
