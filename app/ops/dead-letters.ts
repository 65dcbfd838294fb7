/** `ops dead-letters`: the messages that could not be handled, of one service or all. */
import { type Static, Type } from 'typebox'
import { type OpsApi, Refused } from './api.ts'
import { ago, table } from './table.ts'

const Maybe = Type.Union([Type.String(), Type.Null()])
const Letter = Type.Object({
  id: Type.Integer(),
  subscription: Type.String(),
  status: Type.String(),
  reason: Type.String(),
  attempts: Type.Integer(),
  parked_at: Type.String(),
  tried_at: Maybe,
  tried_by: Maybe,
  settled_at: Maybe,
  settled_by: Maybe,
  settled_because: Maybe,
  message: Type.Object({ type: Type.String(), transaction_id: Type.String(), body: Type.Unknown() }),
})
const Page = Type.Object({ dead_letters: Type.Array(Letter), total: Type.Integer(), timestamp: Type.String() })
const Replayed = Type.Object({ outcome: Type.String(), dead_letter: Letter })

export interface DeadLetterQuery {
  readonly service?: string | undefined
  readonly status?: string | undefined
}

export async function listLetters(api: OpsApi, services: readonly string[], { service, status }: DeadLetterQuery) {
  const query = `limit=100&status=${encodeURIComponent(status ?? 'waiting')}`
  const pages = await Promise.all(
    (service ? [service] : services).map(async (name) => ({
      name,
      ...(await api.ask(name, `GET /dead-letters?${query}`, Page)),
    })),
  )
  const rows = pages.flatMap(({ name, dead_letters, timestamp }) =>
    dead_letters.map((letter) => ({
      service: name,
      id: letter.id,
      age: ago(letter.parked_at, new Date(timestamp)),
      tries: letter.attempts,
      message: letter.message.type,
      purchase: letter.message.transaction_id,
      reason: letter.status === 'discarded' ? (letter.settled_because ?? '') : letter.reason,
    })),
  )
  const more = pages.filter(({ total, dead_letters }) => total > dead_letters.length)
  const notes = more.map(({ name, total }) => `${name} has ${total} in all; the newest 100 are shown.`)
  return rows.length === 0 ? 'No dead letters.' : [table(rows), ...notes].join('\n')
}

export const showLetter = async (api: OpsApi, service: string, id: number): Promise<string> =>
  described(service, await api.ask(service, `GET /dead-letters/${id}`, Letter))

export async function replayLetter(api: OpsApi, service: string, id: number): Promise<string> {
  const { outcome, dead_letter } = await api.ask(service, `POST /dead-letters/${id}/replay`, Replayed)
  const words = outcome === 'handled' ? 'Handled now.' : 'It had been handled before: nothing was done.'
  return `${words}\n${described(service, dead_letter)}`
}

export async function discardLetter(api: OpsApi, service: string, id: number, reason: string | undefined) {
  if (!reason) throw new Refused('say why it is given up: --reason "…"')
  const route = `DELETE /dead-letters/${id}?reason=${encodeURIComponent(reason)}`
  return `Given up.\n${described(service, await api.ask(service, route, Letter))}`
}

function described(service: string, letter: Static<typeof Letter>): string {
  const { message, tried_at, tried_by, settled_at, settled_by, settled_because } = letter
  const facts: [string, string][] = [
    ['dead letter', `${letter.id} of ${service}, ${letter.status}`],
    ['subscription', letter.subscription],
    ['purchase', message.transaction_id],
    ['reason', letter.reason],
    ['parked', `${letter.parked_at}, after ${letter.attempts} tries by now`],
    ...(tried_at ? [['last replayed', `${tried_at} by ${tried_by}, in vain`] satisfies [string, string]] : []),
    ...(settled_at
      ? [
          ['settled', `${settled_at} by ${settled_by}${settled_because ? `: ${settled_because}` : ''}`] satisfies [
            string,
            string,
          ],
        ]
      : []),
    ['message', `${message.type} ${JSON.stringify(message.body)}`],
  ]
  return facts.map(([name, text]) => `${name.padEnd(14)} ${text}`).join('\n')
}
