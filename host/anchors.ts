/**
 * The heads of the access log and of the journal, signed and kept outside the database every hour. Somebody who cuts off the
 * last entries, or makes a chain anew, and resets its head is found out by the next `npm run access-log -- verify`.
 */
import { Type } from 'typebox'
import { Timestamp } from '#contracts'
import { type Alarm, startAlarm } from '#platform/alarm'
import type { Clock } from '#platform/clock'
import type { Database } from '#platform/database/database'
import { answers } from '#platform/http/app'
import type { Handler, HttpApp } from '#platform/http/server'
import { lineStore } from '#platform/line-store'
import { type SignedLines, signedLines } from '#platform/signed-lines'
import type { Vault } from '#platform/vault/vault'
import { accesses } from './access-log/chain.ts'
import { headOf } from './chain/chain-store.ts'
import { journal } from './journal/acts.ts'

const CHAINS = { access_log: accesses, journal } as const
type ChainName = keyof typeof CHAINS

interface Anchor {
  readonly at: string
  readonly chain: ChainName
  readonly id: number
  readonly hash: string
}

export type Anchors = SignedLines<Anchor>

export const anchorsOf = (config: Parameters<typeof lineStore>[0], service: string, vault: Vault): Anchors =>
  signedLines(lineStore(config, service), `${service} anchors`, vault)

const HOUR_MS = 3_600_000

/** Adds each head that has moved since it was last anchored; returns how many. */
export async function anchorHeads(anchors: Anchors, database: Database, clock: Clock): Promise<number> {
  // an older head is simply anchored once more
  const { lines } = await anchors.read(new Date(clock.now().getTime() - 48 * HOUR_MS))
  const moved: Anchor[] = []
  for (const chain of ['access_log', 'journal'] as const) {
    const { id, hash } = chain === 'journal' ? await headOf(database, journal) : await headOf(database, accesses)
    const last = lines.findLast((line) => line.chain === chain)
    if (id > 0 && last?.hash !== hash) moved.push({ at: clock.now().toISOString(), chain, id, hash })
  }
  await anchors.add(moved)
  return moved.length
}

/** At once, and then every hour. */
export function startAnchoring(
  anchors: Anchors,
  database: Database,
  clock: Clock,
  onError: (error: unknown) => void,
): Alarm {
  let next = clock.now()
  return startAlarm(
    async () => {
      if (clock.now() < next) return next // an alarm may ring before its time
      await anchorHeads(anchors, database, clock)
      next = new Date(clock.now().getTime() + HOUR_MS)
      return next
    },
    onError,
    60_000,
  )
}

const View = Type.Object({
  anchors: Type.Array(
    Type.Object({
      at: Timestamp,
      chain: Type.Enum(['access_log', 'journal']),
      id: Type.Integer(),
      hash: Type.String({ description: 'The hash of the entry that was the last one at that time' }),
    }),
  ),
  forged: Type.Integer({ description: 'Lines of the file that this service has not signed' }),
})

export const anchorRoutes = (anchors: Anchors) => (app: HttpApp) => {
  app.get('/anchors', { schema: showAnchorsSchema }, showAnchors(anchors))
}

const showAnchorsSchema = {
  summary: 'The heads of the access log and of the journal as they were kept outside the database',
  tags: ['personal data'],
  response: answers({ 200: View }),
}

const showAnchors =
  (anchors: Anchors): Handler<typeof showAnchorsSchema> =>
  async () => {
    const { lines, forged } = await anchors.read()
    return { anchors: [...lines], forged }
  }
