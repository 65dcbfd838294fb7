/** Sends fuzzed requests and judges the answers, one by one. */
import { type Dispatcher, Pool } from 'undici'
import { problems } from '#contracts'
import { operationsOf } from '#platform/http/openapi'
import type { OpenApi, Operation } from '#platform/http/openapi-document'
import type { FuzzRequest } from './requests.ts'

export interface Outcome {
  readonly request: FuzzRequest
  readonly status: number
  /** The faults of the answer; empty when there are none. */
  readonly faults: readonly string[]
}

export interface Driver extends AsyncDisposable {
  /** All of them, many at once; in their order. */
  send(requests: readonly FuzzRequest[]): Promise<readonly Outcome[]>
}

const AT_ONCE = 16
/** A longer answer counts as a hang; a route that asks three peers in turn may take seconds on a busy machine. */
const PATIENCE_MS = 30_000
const INSIDES = /node_modules|\bat .+\.ts:\d+|"stack"|postgres(ql)?:\/\/|syntax error at/
const types: ReadonlySet<unknown> = new Set(Object.values(problems).map(({ type }) => type))

/** To the server at `origin`, which `document` describes. */
export function driverOf(origin: string, document: OpenApi): Driver {
  const pool = new Pool(origin, { connections: AT_ONCE, headersTimeout: 0, bodyTimeout: 0 })
  const operations = new Map(
    [...operationsOf(document)].map(([path, method, operation]) => [`${method.toUpperCase()} ${path}`, operation]),
  )

  async function sendOne(request: FuzzRequest): Promise<Outcome> {
    const { method, path, headers, body = null } = request
    try {
      const signal = AbortSignal.timeout(PATIENCE_MS)
      const answer = await pool.request({ method: method as Dispatcher.HttpMethod, path, headers, body, signal })
      const text = await textOf(answer)
      const faults = faultsOf(operations.get(request.operation), answer, method === 'HEAD' ? undefined : text)
      return { request, status: answer.statusCode, faults }
    } catch (error) {
      return { request, status: 0, faults: [error instanceof Error ? `${error.name}: ${error.message}` : 'no answer'] }
    }
  }

  return {
    async send(requests) {
      const outcomes: Outcome[] = []
      const waiting = requests.entries()
      async function work() {
        for (const [index, request] of waiting) outcomes[index] = await sendOne(request)
      }
      await Promise.all(Array.from({ length: AT_ONCE }, work))
      return outcomes
    },
    [Symbol.asyncDispose]: () => pool.destroy(),
  }
}

/** Of an event stream the beginning alone: it may stay open for long. */
async function textOf({ headers, body }: Dispatcher.ResponseData): Promise<string> {
  if (headers['content-type'] !== 'text/event-stream') return body.text()
  for await (const piece of body) return String(piece) // leaving the loop closes the connection
  return ''
}

function faultsOf(
  operation: Operation | undefined,
  { statusCode, headers }: Dispatcher.ResponseData,
  text: string | undefined,
) {
  const faults: string[] = []
  const mayComeAgain = statusCode === 503 && headers['retry-after'] !== undefined
  if (statusCode >= 500 && !mayComeAgain) faults.push(`${statusCode}: ${text?.slice(0, 300)}`)
  if (statusCode >= 400) {
    if (!String(headers['content-type']).startsWith('application/problem+json')) faults.push('not a problem document')
    else if (text !== undefined && !types.has(JSON.parse(text).type))
      faults.push('a problem that the catalogue does not know')
    if (text && INSIDES.test(text)) faults.push(`shows its insides: ${text.slice(0, 300)}`)
  }
  if (operation && !(statusCode in operation.responses))
    faults.push(`${statusCode} is not documented: ${text?.slice(0, 200)}`)
  return faults
}
