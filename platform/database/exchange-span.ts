/** The span of one exchange with the database. It is named for its statements: `begin; select vehicles`, never for their values. */
import { beginSpan, type Context, isInTrace, type Span, SpanKind } from '../tracing.ts'

/** Undefined outside any trace: work that no request began is not traced. */
export function exchangeSpan(within: Context | undefined, texts: () => readonly string[]): Span | undefined {
  if (!within || !isInTrace(within)) return undefined
  const statements = texts()
  const name = statements.map(nameOf).join('; ')
  const attributes = {
    'db.system.name': 'postgresql',
    'db.query.summary': name,
    'db.query.text': statements.join(';\n'),
    ...(statements.length > 1 && { 'db.operation.batch.size': statements.length }),
  }
  return beginSpan(name, within, { kind: SpanKind.CLIENT, attributes })?.span
}

const WRITES = /\b(insert into|delete from|(?<!\b(?:for|do|key)\s)update)\s+(\w+)/gi
const READS = /\bfrom\s+(\w+)/i

const names = new Map<string, string>()

/** `update vehicles, insert outbox` for a statement that writes both, `select sagas` for one that reads. */
export function nameOf(text: string): string {
  const known = names.get(text)
  if (known) return known
  const writes = [...text.matchAll(WRITES)].map(([, verb = '', table]) => `${verb.split(/\s/)[0]} ${table}`)
  const verb = /\w+/.exec(text)?.[0] ?? 'empty'
  const table = READS.exec(text)?.[1]
  const name = writes.length > 0 ? [...new Set(writes)].join(', ') : [verb, table].filter(Boolean).join(' ')
  names.set(text, name)
  return name
}
