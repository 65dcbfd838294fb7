/**
 * Saves an edited vehicle: it sends only changed fields, names the version that was read, and keeps what others saved
 * meanwhile.
 */
import type { Client } from '../../clients/typescript/client.ts'
import { expected, orElse } from '../answers.server.ts'
import { vehicle as texts } from '../texts/office-stock.pt-br.ts'
import { authorNames } from './names.server.ts'
import { changedFields, FIELDS, type Field, merge, sentOf, type Values, valuesOf } from './vehicle-form.ts'

/** The page's state after a save that did not simply succeed. */
export interface Outcome {
  readonly fault?: string
  /** A message when it was not simply saved: it waits for somebody, or nothing had changed. */
  readonly told?: string
  readonly faults?: Readonly<Partial<Record<Field, string>>>
  readonly values?: Values
  readonly conflict?: Conflict
}

export interface Conflict {
  readonly by: string
  readonly etag: string
  /** The values as saved now, with which the next save compares. */
  readonly theirs: Values
  readonly fields: readonly Field[]
}

export async function save(
  client: Client,
  id: number,
  form: FormData,
  seesHistory: boolean,
): Promise<'saved' | Outcome> {
  const before = valuesIn(form, 'antes.')
  const mine = choicesIn(form, before, valuesIn(form, ''))
  const changed = changedFields(before, mine)
  if (changed.length === 0) return { told: texts.same }
  const sent = changed.map((field) => [field, sentOf(field, mine[field])] as const)
  const unread = sent.filter(([, value]) => value === undefined).map(([field]) => field)
  if (unread.length > 0) return wrong(unread, mine)

  const header = { 'if-match': String(form.get('etag') ?? '') }
  const answer = await client.updateVehicle({ path: { id }, header, body: Object.fromEntries(sent) })
  if (answer.ok) return answer.status === 202 ? { told: texts.asked } : 'saved'
  if (answer.status === 412) return conflictOf(client, id, before, mine, seesHistory)
  const named = (answer.problem.errors ?? []).map(({ path }) => FIELDS.find((field) => path.startsWith(`/${field}`)))
  const fields = named.filter((field) => field !== undefined)
  if (fields.length > 0) return wrong(fields, mine)
  return { fault: texts.refused[answer.problem.name] ?? texts.refused.other, values: mine }
}

const wrong = (fields: readonly Field[], values: Values): Outcome => ({
  fault: texts.refused.validation_failed ?? texts.refused.other,
  faults: Object.fromEntries(fields.map((field) => [field, texts.faults[field]])),
  values,
})

async function conflictOf(
  client: Client,
  id: number,
  before: Values,
  mine: Values,
  seesHistory: boolean,
): Promise<Outcome> {
  const now = await client.getVehicle({ path: { id } })
  const theirs = valuesOf(expected(now))
  const { values, conflicts } = merge(before, mine, theirs)
  const last = seesHistory
    ? await orElse(client.getVehicleHistory({ path: { id }, query: { limit: 1 } }), undefined)
    : undefined
  const author = last?.ok ? last.data.history[0]?.author : undefined
  const by = author ? (await authorNames(client))(author) : texts.conflict.somebody
  return { values, conflict: { by, etag: (now.ok && now.headers.get('etag')) || '', theirs, fields: conflicts } }
}

const valuesIn = (form: FormData, prefix: string): Values =>
  Object.fromEntries(FIELDS.map((field) => [field, String(form.get(prefix + field) ?? '')])) as Record<Field, string>

/** The choices for fields that both had changed. */
const choicesIn = (form: FormData, theirs: Values, mine: Values): Values =>
  Object.fromEntries(
    FIELDS.map((field) => [field, form.get(`escolha.${field}`) === 'deles' ? theirs[field] : mine[field]]),
  ) as Record<Field, string>
