/** The API of Mercado Veículo over `fetch`: a method for each operation, and refusals as values. No dependencies. */
import { type Operations, operations, type Problem } from './operations.ts'

export interface ClientOptions {
  /** The address of the gateway, such as `http://127.0.0.1:8000`; in a page of the same origin, `''`. */
  readonly baseUrl: string
  /** Asked at each request. Absent: requests carry no token. */
  readonly token?: () => string | undefined | Promise<string | undefined>
  /** Instead of the global `fetch`. */
  readonly fetch?: typeof fetch
}

export type OperationName = keyof Operations

export interface Success<Answer> {
  readonly ok: true
  readonly status: number
  readonly data: Answer
  /** `etag`, to send as `if-match` with a change; `x-request-id`. */
  readonly headers: Headers
}

/** The server said no. `problem.name` is what to decide by; `problem.detail` is fit to be shown. */
export interface Refusal<Name extends string> {
  readonly ok: false
  readonly status: number
  readonly problem: Problem & { readonly name: Name }
  /** Seconds to wait before the same request is sent again, when the server asks for that. */
  readonly retryAfter?: number
}

export type Result<Name extends OperationName> =
  | Success<Operations[Name]['answer']>
  | Refusal<Operations[Name]['problem']>

type Part<Name extends OperationName, Field extends string> = Field extends keyof Operations[Name]
  ? undefined extends Operations[Name][Field]
    ? { readonly [F in Field]?: Operations[Name][Field] }
    : { readonly [F in Field]: Operations[Name][Field] }
  : unknown

export type Input<Name extends OperationName> = Part<Name, 'path'> &
  Part<Name, 'query'> &
  Part<Name, 'header'> &
  Part<Name, 'body'> & { readonly signal?: AbortSignal }

type Call<Name extends OperationName> =
  Record<string, never> extends Omit<Input<Name>, 'signal'>
    ? (input?: Input<Name>) => Promise<Result<Name>>
    : (input: Input<Name>) => Promise<Result<Name>>

export type Client = { readonly [Name in OperationName]: Call<Name> }

/** What every call is made of, whatever its types. */
interface AnyInput {
  readonly path?: Readonly<Record<string, unknown>>
  readonly query?: Readonly<Record<string, unknown>>
  readonly header?: Readonly<Record<string, unknown>>
  readonly body?: unknown
  readonly signal?: AbortSignal
}

/** A lost connection throws, as `fetch` does: repeat the call, a POST with the `idempotency-key` that it had. */
export function createClient(options: ClientOptions): Client {
  const calls = Object.entries(operations).map(([name, { method, path }]) => [
    name,
    (input: AnyInput = {}) => call(options, method, path, input),
  ])
  return Object.fromEntries(calls) as Client // the table and the types are generated together
}

async function call(options: ClientOptions, method: string, path: string, input: AnyInput) {
  const { body, signal } = input
  const response = await (options.fetch ?? fetch)(options.baseUrl + filled(path, input), {
    method,
    headers: {
      ...(await authorization(options)),
      ...given(input.header),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
  })
  return response.ok ? success(response) : refusal(response)
}

export async function authorization({ token }: ClientOptions): Promise<Record<string, string>> {
  const found = await token?.()
  return found ? { authorization: `Bearer ${found}` } : {}
}

async function success(response: Response): Promise<Success<unknown>> {
  const { status, headers } = response
  const text = await response.text()
  const isJson = headers.get('content-type')?.startsWith('application/json') === true
  const data = isJson ? JSON.parse(text) : text || undefined
  return { ok: true, status, data, headers }
}

async function refusal(response: Response): Promise<Refusal<string>> {
  const { status, headers } = response
  const problem = await problemIn(response)
  const name = problem.type.split(':').at(-1) ?? ''
  const after = headers.get('retry-after')
  return { ok: false, status, problem: { ...problem, name }, ...(after && { retryAfter: Number(after) }) }
}

/** Something between the client and the gateway may answer in another form. */
async function problemIn(response: Response): Promise<Problem> {
  if (response.headers.get('content-type')?.startsWith('application/problem+json')) {
    return (await response.json()) as Problem
  }
  const { status, statusText, url } = response
  return { type: 'about:blank', title: statusText, status, detail: statusText, instance: url }
}

function filled(path: string, { path: values = {}, query }: AnyInput): string {
  const place = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(values[name])))
  const search = new URLSearchParams(given(query)).toString()
  return search ? `${place}?${search}` : place
}

const given = (values: Readonly<Record<string, unknown>> = {}): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  )
