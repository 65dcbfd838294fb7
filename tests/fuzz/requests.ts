/** Arbitraries of requests to one operation of an OpenAPI document: some are valid, most are broken somewhere. */
import fc from 'fast-check'
import type { Json, OpenApi, Operation, Parameter, Schema } from '#platform/http/openapi-document'
import { fitting, junk, type Pools, type Resolve } from './values.ts'

export interface FuzzRequest {
  /** `POST /customers`, as the document calls it. */
  readonly operation: string
  readonly method: string
  /** With its query, ready for the wire. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Buffer
}

export interface Ground {
  readonly document: OpenApi
  readonly pools: Pools
  /** Values of the `Authorization` header. */
  readonly tokens: readonly string[]
}

/** How the request is broken, each way at most once. */
type Flaw = 'none' | 'field' | 'body' | 'parameter' | 'header'

export function requestsTo(
  ground: Ground,
  path: string,
  method: string,
  operation: Operation,
): fc.Arbitrary<FuzzRequest> {
  const parameters = operation.parameters ?? []
  const flaws: Flaw[] = ['none', 'header']
  if (parameters.some((one) => one.in !== 'header')) flaws.push('parameter', 'parameter')
  if (operation.requestBody) flaws.push('field', 'field', 'field', 'body')
  // made once for all requests: an arbitrary costs more to make than a value of it
  return fc.oneof(...flaws.map((flaw) => flawed(ground, path, method, operation, flaw)))
}

function flawed(
  ground: Ground,
  path: string,
  method: string,
  operation: Operation,
  flaw: Flaw,
): fc.Arbitrary<FuzzRequest> {
  const parameters = operation.parameters ?? []
  return fc
    .record({
      values: parameterValues(ground, parameters, flaw),
      extra: flaw === 'parameter' ? fc.constantFrom('', ...ODD_QUERIES) : fc.constant(''),
      headers: headerValues(ground, flaw),
      body: operation.requestBody ? bodies(ground, operation, flaw) : noBodies(flaw),
    })
    .map(({ values, extra, headers, body }) => ({
      operation: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path: pathWith(path, parameters, values, extra),
      headers: {
        ...(body && { 'content-type': 'application/json' }),
        ...headersFrom(parameters, values),
        ...headers,
      },
      ...(body && { body }),
    }))
}

const resolverOf =
  ({ components }: OpenApi): Resolve =>
  (schema) => {
    const name = typeof schema.$ref === 'string' ? (schema.$ref.split('/').at(-1) ?? '') : undefined
    return name === undefined ? schema : ((components.schemas?.[name] ?? {}) as Schema)
  }

type Values = Readonly<Record<string, Json | undefined>>

function parameterValues(
  { document, pools }: Ground,
  parameters: readonly Parameter[],
  flaw: Flaw,
): fc.Arbitrary<Values> {
  const resolve = resolverOf(document)
  const parts = parameters.map((one) => {
    const good = fitting(one.schema, resolve, pools, one.name)
    const value: fc.Arbitrary<Json | undefined> = flaw === 'parameter' ? fc.oneof(good, junk) : good
    return [one.name, one.required ? value : fc.option(value, { nil: undefined, freq: 2 })] as const
  })
  return fc.record(Object.fromEntries(parts)) as fc.Arbitrary<Values>
}

/** Appended as they are. */
const ODD_QUERIES = [
  'limit=1&limit=2',
  'x',
  '=',
  '%00',
  '%ff',
  '%zz',
  'limit[]=1',
  'cursor=%E0%A4%A',
  '__proto__=1',
  '&&&',
  '?',
]

function pathWith(path: string, parameters: readonly Parameter[], values: Values, extra: string): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encoded(values[name] ?? ''))
  const query = parameters
    .filter((one) => one.in === 'query' && values[one.name] !== undefined)
    .map((one) => `${one.name}=${encoded(values[one.name] ?? '')}`)
  if (extra) query.push(extra)
  return query.length > 0 ? `${filled}?${query.join('&')}` : filled
}

/** Long ones are cut: beyond 16 KiB of header, Node's parser answers by itself. */
function encoded(value: Json): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return encodeURIComponent(text.slice(0, 1_500).toWellFormed())
}

function headersFrom(parameters: readonly Parameter[], values: Values): Record<string, string> {
  const given = parameters.filter((one) => one.in === 'header' && values[one.name] !== undefined)
  return Object.fromEntries(given.map((one) => [one.name, headerText(values[one.name] ?? '')]))
}

/** The characters that a header may hold. */
const headerText = (value: Json) =>
  (typeof value === 'string' ? value : JSON.stringify(value)).replace(/[^\t\x20-\x7e\x80-\xff]/g, '').slice(0, 500)

const HEADERS = [
  'idempotency-key',
  'if-match',
  'last-event-id',
  'authorization',
  'accept',
  'x-request-id',
  'traceparent',
  'x-signature',
]
const CONTENT_TYPES = [
  ...[
    'text/plain',
    'application/xml',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'nonsense',
    '',
  ],
  ...[
    'application/json; charset=utf-16',
    'application/problem+json',
    'APPLICATION/JSON',
    'application/json;;;',
    '*/*',
    'a/b/c',
  ],
]

function headerValues({ tokens }: Ground, flaw: Flaw): fc.Arbitrary<Record<string, string>> {
  const authorization = fc
    .constantFrom(...tokens)
    .map((token): Record<string, string> => (token ? { authorization: token } : {}))
  if (flaw !== 'header') return authorization
  const odd = fc.tuple(fc.constantFrom(...HEADERS), junk).map(([name, value]) => ({ [name]: headerText(value) }))
  const misnamed = fc.constantFrom(...CONTENT_TYPES).map((type) => ({ 'content-type': type }))
  const packed = fc.constantFrom({ 'content-encoding': 'gzip' }, { 'accept-encoding': 'zstd' }, { accept: 'image/png' })
  return fc.tuple(authorization, fc.oneof(odd, odd, misnamed, packed)).map(([one, other]) => ({ ...one, ...other }))
}

function bodies({ document, pools }: Ground, operation: Operation, flaw: Flaw): fc.Arbitrary<Buffer> {
  const schema = Object.values(operation.requestBody?.content ?? {})[0]?.schema ?? {}
  const good = fitting(schema, resolverOf(document), pools)
  if (flaw === 'body') return misformed(good)
  if (flaw !== 'field') return good.map(toJson)
  return fc
    .tuple(good, fc.nat(), fc.constantFrom(...WAYS), junk)
    .map(([value, at, way, other]) => toJson(spoilt(value, at, way, other)))
}

/** A body where none belongs, now and then. */
const noBodies = (flaw: Flaw): fc.Arbitrary<Buffer | undefined> =>
  flaw === 'header'
    ? fc.constantFrom(undefined, Buffer.from('{}'), Buffer.from('[1'), Buffer.from('x'))
    : fc.constant(undefined)

const toJson = (value: Json) => Buffer.from(JSON.stringify(value))

const WAYS = ['replace', 'replace', 'remove', 'add', 'wrap'] as const

/** `value` with one thing wrong, somewhere in it. */
function spoilt(value: Json, at: number, way: (typeof WAYS)[number], other: Json): Json {
  const keys = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : []
  const key = keys[at % (keys.length + 1)]
  const fields = value as Schema
  if (key === undefined) return way === 'add' && keys.length > 0 ? { ...fields, unforeseen: other } : other
  const part = fields[key] ?? null
  if (typeof part === 'object' && part !== null && at % 3)
    return { ...fields, [key]: spoilt(part, at >> 3, way, other) }
  if (way === 'remove') return { ...fields, [key]: undefined }
  if (way === 'add') return { ...fields, unforeseen: other }
  return { ...fields, [key]: way === 'wrap' ? [part] : other }
}

/** Texts that are not the JSON of an object, or are it in an unusual way. */
const MISFORMED: readonly ((text: string, first: string) => string | Buffer)[] = [
  ...['', ' ', '{', '[]', 'null', '"x"', '0', '{"a":1}}', '{"__proto__":{"role":"admin"}}', '['.repeat(100_000)].map(
    (text) => () => text,
  ),
  (text) => `\ufeff${text}`,
  (text) => `${text}x`,
  (text) => `${' '.repeat(300_000)}${text}`,
  (text) => text.replaceAll('"', "'"),
  (text) => text.replace(/\d+/, '1e999'),
  (text) => text.replace(/\d+/, '0123'),
  (text) => text.replace(/\d+/, 'NaN'),
  (text) => text.replace(/:/, ':"\\u0000",'),
  (text) => text.replace(/"/, '"\\ud800'),
  (text, first) => `{"${first}":1,${text.slice(1)}`,
  (_text, first) => `{"${first}":${'['.repeat(5_000)}${']'.repeat(5_000)}}`,
  (text) => Buffer.from(text, 'utf16le'),
  (text) => Buffer.from(`{"name":"Jo\xe3o",${text.slice(1)}`, 'latin1'), // not UTF-8 where it has accents
  () => Buffer.from([0xff, 0xfe, 0x7b, 0x7d]),
  () => Buffer.from([0x1f, 0x8b, 8, 0]),
]

function misformed(good: fc.Arbitrary<Json>): fc.Arbitrary<Buffer> {
  const ways = fc.constantFrom(...MISFORMED)
  return fc.oneof(
    fc.tuple(good, ways).map(([value, way]) => {
      const [first = 'x'] = typeof value === 'object' && value !== null ? Object.keys(value) : []
      return Buffer.from(way(JSON.stringify(value), first))
    }),
    fc.tuple(good, fc.nat()).map(([value, end]) => {
      const bytes = toJson(value)
      return bytes.subarray(0, end % bytes.length)
    }),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  )
}
