/** Merges the services' OpenAPI documents into one: the gateway's paths, and one set of components without repetitions. */
import { operationsOf, summed, withProblems } from '#platform/http/openapi'
import type { Json, OpenApi, Operation } from '#platform/http/openapi-document'
import { publicPath } from './paths.ts'

export interface ServiceDocument {
  readonly service: string
  readonly document: OpenApi
}

const OF_THE_GATEWAY = ['service_unreachable', 'service_failed', 'service_timed_out'] as const
const PROBLEM = { $ref: '#/components/schemas/Problem' }

/** Pure. Components with the same name and different content get the service's name as a prefix. */
export function merged(own: OpenApi, parts: readonly ServiceDocument[]): OpenApi {
  const result: OpenApi = structuredClone(own)
  const ids = new Set([...operationsOf(own)].map(([, , { operationId }]) => operationId))
  for (const { service, document } of parts) {
    const names = adopt(result, service, document)
    for (const [path, method, operation] of operationsOf(document)) {
      const there = publicPath(service, path)
      if (there === undefined) continue
      const { operationId = '' } = operation
      const id = ids.has(operationId) || there !== path ? `${operationId}Of${pascal(service)}` : operationId
      ids.add(id)
      result.paths[there] ??= {}
      const here = renamed(operation as unknown as Json, names) as unknown as Operation
      result.paths[there][method] = {
        ...here,
        operationId: id,
        security: withoutServices(here.security),
        responses: withProblems(here.responses, OF_THE_GATEWAY, PROBLEM),
      }
    }
  }
  result.paths = sorted(result.paths)
  result.components.schemas = usedSchemas(result)
  return summed(result)
}

/** Some of these are used only by routes that the gateway does not pass on. */
function usedSchemas({ paths, components: { schemas = {} } }: OpenApi): Record<string, Json> {
  const used = new Set<string>()
  const look = (part: object) => {
    for (const [, name = ''] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      if (used.has(name)) continue
      used.add(name)
      look({ schema: schemas[name] })
    }
  }
  look(paths)
  return Object.fromEntries(Object.entries(schemas).filter(([name]) => used.has(name)))
}

/** Adds a document's components. Returns the references that had to be renamed. */
function adopt(result: OpenApi, service: string, { components }: OpenApi): ReadonlyMap<string, string> {
  const clashes = Object.entries(components).flatMap(([section, entries]) =>
    Object.entries(entries)
      .filter(([name, entry]) => !isSame(result.components[section]?.[name] ?? entry, entry))
      .map(([name]) => [section, name, `${pascal(service)}${name}`] as const),
  )
  const names = new Map(
    clashes.map(([section, name, other]) => [`#/components/${section}/${name}`, `#/components/${section}/${other}`]),
  )
  for (const [section, entries] of Object.entries(components)) {
    const target = { ...result.components[section] }
    result.components[section] = target
    for (const [name, entry] of Object.entries(entries)) {
      const reference = names.get(`#/components/${section}/${name}`)
      target[reference?.split('/').at(-1) ?? name] = renamed(entry, names)
    }
  }
  return names
}

function renamed(node: Json, names: ReadonlyMap<string, string>): Json {
  if (names.size === 0 || typeof node !== 'object' || node === null) return node
  if (Array.isArray(node)) return node.map((item) => renamed(item, names))
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => {
      if (key === '$ref' && typeof value === 'string') return [key, names.get(value) ?? value]
      return [key, value === undefined ? value : renamed(value, names)]
    }),
  )
}

const isSame = (one: Json, other: Json) => JSON.stringify(one) === JSON.stringify(other)

const sorted = <Value>(entries: Readonly<Record<string, Value>>): Record<string, Value> =>
  Object.fromEntries(Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1)))

/** Services do not call each other through the gateway, so routes that only they may call are left out. */
function withoutServices(security: Operation['security'] = []) {
  const ways = security.filter(({ token = [] }) => !token.includes('service'))
  return ways.length > 0 ? ways : security
}

const pascal = (name: string) => name.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())
