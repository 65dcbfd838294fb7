/**
 * The records that all services have of purchases. The other services are asked over HTTP; our own records are read directly.
 * Audits compare them, and operators act on them.
 */
import type { Static } from 'typebox'
import { Compile } from 'typebox/compile'
import {
  type ChargeRecord,
  ChargeRecords,
  type HoldRecord,
  HoldRecords,
  type PurchaseRecord,
  RECORDS_PER_PAGE,
  type ReservationRecord,
  ReservationRecords,
  type WaitingMessages,
} from '#contracts'
import type { FindSuspicions } from '#host'
import type { AskPeer } from '#platform/peers'
import { contentOf } from './content.ts'

/** The records of one purchase. A record is absent when its service does not know the purchase. */
export interface Records {
  readonly purchase?: PurchaseRecord | undefined
  readonly hold?: HoldRecord | undefined
  readonly reservation?: ReservationRecord | undefined
  readonly charge?: ChargeRecord | undefined
}

export interface RecordSources {
  readonly ask: AskPeer
  readonly own: {
    page(after: string, limit: number): Promise<readonly PurchaseRecord[]>
    named(ids: readonly string[]): Promise<readonly PurchaseRecord[]>
    /** Purchases older than `began` whose returns began since then: the page behind the return `after`. */
    returned(
      began: string,
      after: string,
      limit: number,
    ): Promise<readonly { readonly return_id: string; readonly purchase_id: string }[]>
    waiting(): Promise<Static<typeof WaitingMessages>>
    suspicions: FindSuspicions
  }
}

/** The most purchases that one request may name. */
export const NAMED_MAX = 100

const others = {
  hold: { service: 'cliente-service', shape: Compile(HoldRecords) },
  reservation: { service: 'veiculo-service', shape: Compile(ReservationRecords) },
  charge: { service: 'pagamento-service', shape: Compile(ChargeRecords) },
} as const
type Other = keyof typeof others
const otherNames = Object.keys(others) as Other[]

/** Its name in `Records`. */
export type RecordName = Other | 'purchase'

interface AnyRecord {
  readonly transaction_id: string
}

/**
 * The records of at most NAMED_MAX purchases. The purchases are read first, the records of other services afterwards: a purchase
 * is recorded before its effects, so an effect that is missing then is really missing.
 */
export async function namedRecords(
  { ask, own }: RecordSources,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Records>> {
  const found = new Map<string, Record<string, unknown>>()
  const take = (name: RecordName, records: readonly AnyRecord[]) => {
    for (const record of records)
      found.set(record.transaction_id, { ...found.get(record.transaction_id), [name]: record })
  }
  take('purchase', await own.named(ids))
  await Promise.all(otherNames.map(async (name) => take(name, await page(ask, name, `ids=${ids.join(',')}`))))
  return found
}

/**
 * All purchases after the id `after`, in the order of their ids. The pages of all sources are cut at an id that all of them
 * have reached, so that at most one page of each is in memory. `onRead` is told how many records of each came.
 */
export async function* recordsSideBySide(
  { ask, own }: RecordSources,
  after: string,
  onRead: (name: RecordName, count: number) => void,
): AsyncGenerator<ReadonlyMap<string, Records>> {
  const names: readonly RecordName[] = ['purchase', ...otherNames]
  const readers = names.map((name) => ({ name, after, waiting: [] as readonly AnyRecord[], isAtEnd: false }))
  const next = (name: RecordName, behind: string): Promise<readonly AnyRecord[]> =>
    name === 'purchase' ? own.page(behind, RECORDS_PER_PAGE) : page(ask, name, `after=${behind}`)
  for (;;) {
    await Promise.all(
      readers.map(async (reader) => {
        if (reader.waiting.length > 0 || reader.isAtEnd) return
        reader.waiting = await next(reader.name, reader.after)
        reader.isAtEnd = reader.waiting.length < RECORDS_PER_PAGE
        reader.after = reader.waiting.at(-1)?.transaction_id ?? reader.after
      }),
    )
    const reached = readers.filter((reader) => !reader.isAtEnd).map((reader) => reader.after)
    const upTo = reached.sort()[0]
    const chunk = new Map<string, Record<string, unknown>>()
    for (const reader of readers) {
      const isBehind = ({ transaction_id }: AnyRecord) => upTo !== undefined && transaction_id > upTo
      const taken = reader.waiting.filter((record) => !isBehind(record))
      reader.waiting = reader.waiting.filter(isBehind)
      onRead(reader.name, taken.length)
      for (const record of taken)
        chunk.set(record.transaction_id, { ...chunk.get(record.transaction_id), [reader.name]: record })
    }
    yield chunk
    if (upTo === undefined) return
  }
}

async function page(ask: AskPeer, name: Other, query: string): Promise<readonly AnyRecord[]> {
  const { service, shape } = others[name]
  const { records } = await contentOf<{ readonly records: readonly AnyRecord[] }>(
    ask,
    service,
    `/purchase-records?${query}`,
    shape,
  )
  return records
}
