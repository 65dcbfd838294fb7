/** Arbitraries of values: some fit a schema, others fit nothing. */
import { isValidCpf, isValidRenavam } from '@brazilian-utils/brazilian-utils'
import fc from 'fast-check'
import type { Json, Schema } from '#platform/http/openapi-document'

export type Resolve = (schema: Schema) => Schema

/** Values of certain fields that lead somewhere: ids that exist, addresses that nobody has. */
export type Pools = Readonly<Record<string, fc.Arbitrary<Json>>>

/** Mostly fits `schema`; values that nearly fit are useful too. */
export function fitting(schema: Schema, resolve: Resolve, pools: Pools = {}, name = ''): fc.Arbitrary<Json> {
  const { type, anyOf, enum: values, const: constant, items, properties, required, ...rest } = resolve(schema)
  const pool = pools[name]
  if (pool) return pool
  if (Array.isArray(values)) return fc.constantFrom(...(values as Json[]))
  if (constant !== undefined) return fc.constant(constant)
  if (Array.isArray(anyOf)) return fc.oneof(...(anyOf as Schema[]).map((one) => fitting(one, resolve, pools, name)))
  if (properties) return objects(properties as Record<string, Schema>, required, resolve, pools)
  if (type === 'array') return fc.array(fitting((items ?? {}) as Schema, resolve, pools, name), { maxLength: 3 })
  if (type === 'integer' || type === 'number') return numbers(rest, type)
  if (type === 'boolean') return fc.boolean()
  if (type === 'null') return fc.constant(null)
  if (type === 'object') return fc.constant({})
  return texts(rest)
}

function objects(properties: Record<string, Schema>, required: unknown, resolve: Resolve, pools: Pools) {
  const parts = Object.entries(properties).map(([key, part]) => [key, fitting(part, resolve, pools, key)] as const)
  const requiredKeys = Array.isArray(required) ? (required as string[]) : []
  return fc.record(Object.fromEntries(parts), { requiredKeys }) as fc.Arbitrary<Json>
}

function numbers({ minimum, exclusiveMinimum, maximum }: Schema, type: string): fc.Arbitrary<number> {
  const min = Number(minimum ?? exclusiveMinimum ?? 0)
  const max = Math.max(min, Math.min(Number(maximum ?? 2_100), 100_000_000))
  const whole = fc.integer({ min: Math.ceil(min), max: Math.floor(max) })
  return type === 'integer' ? whole : whole.map((value) => Math.min(max, Math.max(min, value + 0.5)))
}

function texts({ format, pattern, minLength, maxLength }: Schema): fc.Arbitrary<string> {
  const known = typeof format === 'string' ? FORMATS[format] : undefined
  if (known) return known
  const [min, max] = [Number(minLength ?? 0), Number(maxLength ?? 40)]
  const plain = fc.string({ minLength: min, maxLength: Math.max(min, Math.min(max, 60)), unit: LETTERS })
  const shaped = typeof pattern === 'string' ? shapedAs(pattern) : undefined
  return shaped ? fc.oneof(shaped, plain) : plain
}

/** Not every regular expression can generate values, and "anything but" costs a hundred times as much. */
function shapedAs(pattern: string): fc.Arbitrary<string> | undefined {
  if (pattern.includes('[^')) return undefined
  try {
    return fc.stringMatching(new RegExp(pattern), { maxLength: 40 })
  } catch {
    return undefined
  }
}

const LETTERS = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzABCXYZ0123456789 áçãéô-.')

/** The first of the numbers that begin with `base` that is valid. */
function completed(base: string, digits: number, isValid: (text: string) => boolean): string {
  for (let check = 0; check < 10 ** digits; check += 1) {
    const text = base + String(check).padStart(digits, '0')
    if (isValid(text)) return text
  }
  return base
}

const upTo = (max: number, digits: number) =>
  fc.integer({ min: 0, max }).map((value) => String(value).padStart(digits, '0'))

/** The same from the same seed, unlike the generators of the library. */
const FORMATS: Readonly<Record<string, fc.Arbitrary<string>>> = {
  document: upTo(999_999_999, 9).map((base) => completed(base, 2, isValidCpf)),
  renavam: upTo(9_999_999_999, 10).map((base) => completed(base, 1, isValidRenavam)),
  chassi: upTo(99_999_999_999, 11).map((serial) => `9BD281${serial}`),
  'license-plate': fc.tuple(fc.stringMatching(/^[A-Z]{3}$/), upTo(999, 3)).map(([a, [b, c, d]]) => `${a}${b}C${c}${d}`),
  'brazilian-phone': upTo(9_999_999, 7).map((digits) => `(11) 98${digits.slice(0, 3)}-${digits.slice(3)}`),
  'driver-license': fc.constant('12345678900'),
  'postal-code': fc.constant('01310-100'),
  email: upTo(999_999_999, 9).map((serial) => `fuzz-${serial}@example.com`),
  uri: fc.constantFrom('https://receiver.invalid/hook', 'http://127.0.0.1:9/x', 'https://10.0.0.1/', 'ftp://a.invalid'),
  uuid: fc.uuid(),
  date: fc.constantFrom('2026-01-05', '1990-02-28', '9999-12-31', '0001-01-01', '2026-02-30'),
  'date-time': fc.constantFrom('2026-01-05T12:00:00Z', '2026-01-05T12:00:00.123-03:00', '0000-01-01T00:00:00Z'),
}

const nested = (depth: number, open: string, close: string) =>
  JSON.parse(open.repeat(depth) + close.repeat(depth)) as Json

/** Values that schemas do not expect, and on which databases and parsers have choked. */
export const junk: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(
    ...[null, true, false, 0, -1, 0.1, 1e15, 1e21, -1e308, 1.0000001, 2 ** 31, 2 ** 53, 2 ** 63, Number.MIN_VALUE],
    ...[
      '',
      ' ',
      '\0',
      'a\0b',
      '\ud800',
      '\udfff\ud800',
      '\u202e',
      '🚗'.repeat(30),
      'e\u0301',
      '%',
      '%00',
      '\r\nx: y',
      '\\',
    ],
    ...[
      "'; drop table customers; --",
      '{{7*7}}',
      '<script>',
      '__proto__',
      'constructor',
      'NaN',
      '-0',
      '1e9',
      '0x10',
      '٣',
    ],
    ...[
      '9'.repeat(400),
      'x'.repeat(20_000),
      '2026-13-45',
      '00000000-0000-0000-0000-000000000000',
      'infinity',
      '-infinity',
    ],
    ...[[], {}, [[]], [null], { $ref: '#' }, { constructor: { prototype: { a: 1 } } }, { toString: 1 }, { length: -1 }],
    ...[nested(500, '[', ']'), nested(50, '[', ']'), Array.from({ length: 2_000 }, () => 1)],
  ),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>,
  fc.double() as fc.Arbitrary<Json>,
  fc.maxSafeInteger(),
)
