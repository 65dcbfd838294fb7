/**
 * Banco Central's own description of the API Pix as a judge: it reports everything in a request or an answer that it does not
 * allow. Obvious mistakes of its text (patterns between slashes, patterns without anchors, a location that has no scheme in any
 * example) are read as they are meant.
 */
import { readFileSync } from 'node:fs'
import { Ajv, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'
import { parse } from 'yaml'

type Node = { readonly [key: string]: unknown }

const ROOT = 'api-pix'
const document: Node = parse(readFileSync(new URL('./api-pix-2.9.0-openapi.yaml', import.meta.url), 'utf8'), reading)
const ajv = new Ajv({ strict: false, allErrors: true, validateSchema: false })
addFormats.default(ajv)
ajv.addSchema({ $id: ROOT, ...document })

export interface Operation {
  /** As the document writes it: `/cob/{txid}`. */
  readonly path: string
  readonly method: string
  readonly params: Readonly<Record<string, string>>
  readonly scopes: readonly string[]
}

/** The operation that a request asks for; undefined when the API has none. `path` begins behind `/v2`. */
export function operationFor(method: string, path: string): Operation | undefined {
  for (const [template, item] of Object.entries(at('paths'))) {
    const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
    const match = new RegExp(`^${template.replace(/\{\w+\}/g, '([^/]+)')}$`).exec(path)
    const operation = isNode(item) ? item[method.toLowerCase()] : undefined
    if (!match || !isNode(operation)) continue
    const params = Object.fromEntries(names.map((name, index) => [name, match[index + 1] ?? '']))
    const [security] = operation.security as [{ OAuth2: string[] }]
    return { path: template, method: method.toLowerCase(), params, scopes: security.OAuth2 }
  }
  return undefined
}

/** The faults of the request, a line each. */
export function faultsOfRequest({ path, method, params }: Operation, body: unknown): string[] {
  const declared = at('paths', path).parameters as readonly { name: string; in: string; schema: Node }[]
  const wrongParams = declared
    .filter((one) => one.in === 'path')
    .flatMap((one) => faults(schemaAt(one.schema), params[one.name], one.name))
  const wanted = at('paths', path, method).requestBody
  if (!isNode(wanted)) return body === undefined ? wrongParams : [...wrongParams, 'a body where none is described']
  const { content } = resolved(wanted) as { content: { 'application/json': { schema: Node } } }
  const { schema } = content['application/json']
  return [...wrongParams, ...faults(schemaAt(schema), body, 'body'), ...unknownFields(schema, body, 'body')]
}

/** The statuses that any operation can be answered with, by the document's chapter on errors or by HTTP itself. */
const GENERAL = [400, 401, 403, 404, 410, 429, 500, 503, 504]

export function faultsOfAnswer({ path, method }: Operation, status: number, body: unknown): string[] {
  const answer = at('paths', path, method, 'responses')[String(status)]
  if (!isNode(answer)) {
    if (!GENERAL.includes(status)) return [`status ${status} is not described`]
    return faults(schemaAt({ $ref: '#/components/schemas/Problema' }), body, 'answer')
  }
  const { content } = resolved(answer) as { content: Record<string, { schema: Node }> }
  return Object.values(content).flatMap(({ schema }) => faults(schemaAt(schema), body, 'answer'))
}

/** Of the callback that a PSP makes. */
export const faultsOfCallback = (body: unknown): string[] =>
  faults(
    schemaAt(at('components', 'requestBodies', 'WebhookPixBody', 'content', 'application/json').schema as Node),
    body,
    'callback',
  )

const compiled = new Map<string, ValidateFunction>()

function schemaAt(schema: Node): ValidateFunction {
  const key = JSON.stringify(schema)
  const absolute = JSON.parse(key.replaceAll('"#/components', `"${ROOT}#/components`))
  const known = compiled.get(key) ?? ajv.compile(absolute)
  compiled.set(key, known)
  return known
}

function faults(check: ValidateFunction, value: unknown, what: string): string[] {
  if (check(value)) return []
  return (check.errors ?? []).map(({ instancePath, message }) => `${what}${instancePath} ${message}`)
}

/** The document allows further fields everywhere; but a client that sends one has misspelt a field. */
function unknownFields(schema: Node, value: unknown, where: string): string[] {
  if (!isNode(value) || Array.isArray(value)) return []
  const known = fieldsOf(schema)
  return Object.entries(value).flatMap(([name, inner]) => {
    const field = known.get(name)
    return field ? unknownFields(field, inner, `${where}/${name}`) : [`${where}/${name} is not a field of this request`]
  })
}

function fieldsOf(schema: Node): Map<string, Node> {
  const { properties, allOf } = resolved(schema)
  const own = isNode(properties) ? Object.entries(properties as Record<string, Node>) : []
  const inherited = Array.isArray(allOf) ? allOf.flatMap((part: Node) => [...fieldsOf(part)]) : []
  return new Map([...own, ...inherited])
}

function resolved(node: Node): Node {
  return typeof node.$ref === 'string' ? resolved(at(...node.$ref.slice(2).split('/'))) : node
}

function at(...path: readonly string[]): Node {
  return path.reduce<Node>((node, key) => {
    const inner = node[key]
    if (!isNode(inner)) throw new Error(`the description has no ${path.join(' ')}`)
    return inner
  }, document)
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null
}

/** Corrects a pattern to its obvious meaning. */
function reading(key: unknown, value: unknown): unknown {
  if (key === 'pattern' && typeof value === 'string')
    return `^(?:${value.replace(/^\/|\/$/g, '').replace(/^\^|\$$/g, '')})$`
  if (key === 'location' && isNode(value)) return { ...value, format: undefined }
  return value
}
