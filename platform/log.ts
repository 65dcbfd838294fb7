/**
 * The log. It holds no personal data, because it writes only the fields that this file lists. Other fields are left out, and
 * named under `left_out`, so that a developer sees why they are missing.
 */
import pino, { type DestinationStream, type Logger } from 'pino'
import { loggedFault } from './fault.ts'
import { withoutIdentifiers } from './free-text.ts'

type Look = (value: unknown) => unknown

const word: Look = (value) => (typeof value === 'string' && /^[\w.:-]{1,100}$/.test(value) ? clean(value) : undefined)
const uuid: Look = (value) =>
  typeof value === 'string' && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value) ? value : undefined
const count: Look = (value) => (Number.isSafeInteger(value) && Math.abs(value as number) < 1e9 ? value : undefined)
/** The route's declared pattern, not the requested path. */
const route: Look = (value) => (typeof value === 'string' && /^(\/[\w:*.-]*)+$/.test(value) ? clean(value) : undefined)
const clean = (text: string) => withoutIdentifiers(text)

/** The fields that may be written, and the form that each must have. */
const ALLOWED: Readonly<Record<string, Look>> = {
  err: (value) => loggedFault(value),
  service: word,
  peer: word,
  subscription: word,
  route,
  transaction_id: uuid,
  message_id: uuid,
  reqId: (value) => uuid(value) ?? 'given by the client',
  dead_letter: count,
  rows: count,
  pid: count,
}

function safe(fields: object): object {
  const written: Record<string, unknown> = {}
  const left_out: string[] = []
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue
    const shown = Object.hasOwn(ALLOWED, name) ? ALLOWED[name]?.(value) : undefined
    if (shown === undefined) left_out.push(/^\w{1,40}$/.test(name) ? clean(name) : '…')
    else written[name] = shown
  }
  return left_out.length === 0 ? written : { ...written, left_out }
}

/**
 * As Google's Cloud Logging names them, which reads `severity` out of each line. A roll-out looks for ERROR and above.
 * https://cloud.google.com/logging/docs/structured-logging
 */
const SEVERITIES: Readonly<Record<string, string>> = {
  ...{ trace: 'DEBUG', debug: 'DEBUG', info: 'INFO' },
  ...{ warn: 'WARNING', error: 'ERROR', fatal: 'CRITICAL' },
}

/** `base` stands on every line. Writes to the standard output unless `destination` says otherwise. */
export function openLog(
  level: string,
  base: Readonly<Record<string, string>> = {},
  destination?: DestinationStream,
): Logger {
  const options: pino.LoggerOptions = {
    level,
    base: safe({ pid: process.pid, ...base }) as pino.Bindings,
    messageKey: 'message',
    formatters: {
      level: (label, level) => ({ severity: SEVERITIES[label], level }),
      log: (fields) => safe(fields) as Record<string, unknown>,
    },
    serializers: { err: (fault) => fault }, // pino's own serialiser would treat it as an error again
    hooks: {
      logMethod(given, method) {
        const [first, second] = given as readonly unknown[]
        const found = typeof first === 'object' && first !== null ? first : {}
        const fields = first instanceof Error ? { err: first } : found
        const words = typeof first === 'string' ? first : second
        // for a line without words pino would write the error's message; and placeholders are not filled in
        const said = typeof words === 'string' ? clean(words) : 'without words'
        method.apply(this, [fields, said] as unknown as Parameters<typeof method>)
      },
    },
  }
  const log = destination ? pino(options, destination) : pino(options)
  const child = log.child
  // children inherit this, so their fields are filtered too, whatever serializers they bring
  log.child = function filtered(this: Logger, bindings: pino.Bindings) {
    return child.call(this, safe(bindings) as pino.Bindings)
  } as typeof log.child
  return log
}
