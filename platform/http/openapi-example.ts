/** An example for a schema: its own if it has one, else one made from its parts and formats. */
import type { Json, Schema } from './openapi-document.ts'

/** Valid numbers that belong to nobody. */
const OF_FORMAT: Readonly<Record<string, string>> = {
  'brazilian-phone': '(11) 98765-4321',
  chassi: '9BD19713MJ3000001',
  date: '2026-01-05',
  'date-time': '2026-01-05T12:00:00.000Z',
  document: '529.982.247-25',
  'driver-license': '12345678900',
  email: 'ana.souza@example.com',
  'license-plate': 'ABC1D23',
  'postal-code': '01310-100',
  renavam: '00639884962',
  uri: 'https://example.com/things/1',
  uuid: '019b0000-0000-7000-8000-000000000000',
}

/** Optional fields are included when they have examples of their own. */
export function exampleOf(schema: Schema): Json {
  const own = ownExample(schema)
  if (own !== undefined) return own
  const { type, anyOf, items } = schema
  if (Array.isArray(anyOf)) return exampleOf(anyOf[0] as Schema)
  if (type === 'object' || schema.properties) return ofObject(schema)
  if (type === 'array') return isSchema(items) ? [exampleOf(items)] : []
  if (type === 'integer' || type === 'number') return Number(schema.minimum ?? 1)
  if (type === 'boolean') return false
  if (type === 'null') return null
  return ofPattern(schema) ?? 'text'.padEnd(Number(schema.minLength ?? 0), '.')
}

function ofPattern({ pattern }: Schema): string | undefined {
  if (typeof pattern !== 'string') return undefined
  return Object.values(OF_FORMAT).find((text) => new RegExp(pattern, 'u').test(text))
}

function ofObject({ properties = {}, required = [] }: Schema): Json {
  const shown = Object.entries(properties as Record<string, Schema>).filter(
    ([name, property]) => (required as readonly string[]).includes(name) || hasExample(property),
  )
  return Object.fromEntries(shown.map(([name, property]) => [name, exampleOf(property)]))
}

function ownExample({ example, examples, const: constant, enum: values, default: standard, format }: Schema) {
  if (example !== undefined) return example
  for (const list of [examples, values]) if (Array.isArray(list) && list.length > 0) return list[0] as Json
  return constant ?? standard ?? (typeof format === 'string' ? OF_FORMAT[format] : undefined)
}

const hasExample = ({ example, examples }: Schema) => example !== undefined || Array.isArray(examples)

const isSchema = (value: Json | undefined): value is Schema => typeof value === 'object' && value !== null
