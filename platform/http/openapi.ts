/**
 * The finish of a generated OpenAPI 3.1 document: every operation has an id and says who may call it, schemas with a title stand
 * once among the components, bodies have an example, and answers and tags are described.
 */
import { STATUS_CODES } from 'node:http'
import { type Permissions, type ProblemName, tags } from '#contracts'
import type { Json, OpenApi, Operation, Parameter, Schema } from './openapi-document.ts'
import { exampleOf } from './openapi-example.ts'
import { rowOf, SECURITY_SCHEMES, securityOf } from './openapi-security.ts'
import { commonProblems, problemAnswers, problemExamples } from './problem-answers.ts'

/** A new document, made from `raw` as `@fastify/swagger` gives it. */
export function finished(raw: object, permissions: Permissions): OpenApi {
  const document = structuredClone(raw) as OpenApi // the shape that its producer gives, checked by tests/documents/api.test.ts
  document.components.schemas ??= {}
  for (const [path, method, operation] of operationsOf(document)) {
    finish(path, method, operation)
    const row = rowOf(permissions, method, path)
    if (row) operation.security = securityOf(row)
  }
  const schemas = { ...document.components.schemas }
  document.paths = hoist(document.paths as never, schemas) as never
  document.components.schemas = schemas
  return summed(document)
}

/** The end of every document: the tags, proofs and examples of problems that its operations use. */
export function summed(document: OpenApi): OpenApi {
  document.tags = tagsOf(document)
  const { components } = document
  components.securitySchemes = securitySchemesOf(document)
  components.examples = problemExamples(
    [...operationsOf(document)].flatMap(([, , { responses }]) => problemsIn(responses)),
  )
  for (const [section, entries] of Object.entries(components))
    components[section] = Object.fromEntries(Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1)))
  return document
}

export function* operationsOf({
  paths,
}: Pick<OpenApi, 'paths'>): Generator<[path: string, method: string, operation: Operation]> {
  for (const [path, item] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(item)) yield [path, method, operation]
  }
}

/** The tags in use, with their descriptions. */
function tagsOf(document: OpenApi): NonNullable<OpenApi['tags']> {
  const used = new Set([...operationsOf(document)].flatMap((one) => one[2].tags ?? []))
  return [...used].sort().map((name) => ({ name, ...(isTag(name) && { description: tags[name] }) }))
}

const isTag = (name: string): name is keyof typeof tags => Object.hasOwn(tags, name)

function securitySchemesOf(document: OpenApi): Record<string, Json> {
  const used = new Set([...operationsOf(document)].flatMap((one) => (one[2].security ?? []).flatMap(Object.keys)))
  return Object.fromEntries(Object.entries(SECURITY_SCHEMES).filter(([name]) => used.has(name)))
}

function finish(path: string, method: string, operation: Operation) {
  operation.operationId ??= operationId(method, path)
  operation.responses = withProblems(operation.responses, commonProblems(method !== 'get'))
  for (const [status, answer] of Object.entries(operation.responses)) {
    if (answer.description === 'Default Response') answer.description = STATUS_CODES[status] ?? 'The answer'
  }
  if (operation.parameters) operation.parameters = operation.parameters.map(withoutNeedOfDefault)
  for (const [, , callback] of callbacksOf(operation)) {
    callback.summary ??= 'What you are told'
    callback.security ??= []
  }
  const { requestBody } = operation
  if (!requestBody) return
  requestBody.required = false
  for (const media of Object.values(requestBody.content)) {
    if (media.schema) media.schema = asTheCallerSeesIt(media.schema)
    if (media.schema?.required) requestBody.required = true
    if (media.schema && media.example === undefined && !media.examples) media.example = exampleOf(media.schema)
  }
}

const callbacksOf = ({ callbacks = {} }: Operation) =>
  Object.values(callbacks).flatMap((paths) => [...operationsOf({ paths })])

const withoutNeedOfDefault = (one: Parameter): Parameter =>
  one.schema.default === undefined ? one : { ...one, required: false }

/** A field with a default need not be sent. */
function asTheCallerSeesIt({ required, ...schema }: Schema): Schema {
  const properties = (schema.properties ?? {}) as Readonly<Record<string, Schema>>
  const needed = Array.isArray(required) ? required.filter((name) => properties[name]?.default === undefined) : []
  return { ...schema, ...(needed.length > 0 && { required: needed }) }
}

/** `responses` with `more` problems added; `schema` is the schema of a problem, when it is not given inline. */
export function withProblems(
  responses: Operation['responses'],
  more: readonly ProblemName[],
  schema?: Schema,
): Operation['responses'] {
  const names = [...problemsIn(responses), ...more]
  const problems = Object.fromEntries(problemAnswers(names)) as unknown as Operation['responses']
  for (const { content } of Object.values(problems)) {
    for (const media of Object.values(content ?? {})) {
      if (schema) media.schema = schema
      media.examples = Object.fromEntries(Object.keys(media.examples ?? {}).map((name) => [name, exampleNamed(name)]))
    }
  }
  return { ...responses, ...problems }
}

const PROBLEM = 'application/problem+json'

/** The names of examples that problem-answers.ts gives. */
const problemsIn = (responses: Operation['responses']) =>
  Object.values(responses).flatMap(({ content }) => Object.keys(content?.[PROBLEM]?.examples ?? {})) as ProblemName[]

/** Each example stands once in a document, because most routes have the same problems. */
const exampleNamed = (name: string) => ({ $ref: `#/components/examples/${name}` })

const VERBS: Readonly<Record<string, string>> = { put: 'update', delete: 'delete', patch: 'change' }

/** `GET /customers/{id}/vehicles` is `listCustomerVehicles`, `PATCH /vehicles/{id}/mark_as_sold` is `markVehicleAsSold`. */
export function operationId(method: string, path: string): string {
  const segments = path.split('/').slice(1)
  const last = segments.at(-1) ?? ''
  const names = segments.flatMap((segment, index) =>
    segment.startsWith('{') ? [] : [segments[index + 1]?.startsWith('{') ? singular(segment) : segment],
  )
  const isOne = last.startsWith('{')
  const isMany = !isOne && last.endsWith('s')
  if (method === 'get') return camel([isMany ? 'list' : 'get', ...names])
  if (isOne || method === 'put' || method === 'delete') return camel([VERBS[method] ?? 'post', ...names])
  if (!path.includes('{') && names.length > 1) return camel(['post', ...names])
  if (isMany || names.length === 1) return camel(['create', ...names.slice(0, -1), singular(names.at(-1) ?? '')])
  const [verb = '', ...rest] = last.split(/[_-]/)
  return camel([verb, ...names.slice(0, -1), ...rest])
}

const singular = (plural: string) => plural.replace(/ies$/, 'y').replace(/s$/, '')

function camel(parts: readonly string[]): string {
  const words = parts.flatMap((part) => part.split(/[^A-Za-z0-9]+/)).filter(Boolean)
  return words.map((word, index) => (index === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1))).join('')
}

/** Keys whose values are data, not schemas. */
const OPAQUE = ['example', 'examples', 'default', 'enum', 'const']

/** `node` with every titled schema in it replaced by a reference to one of `schemas`, which it adds to. */
function hoist(node: Json, schemas: Record<string, Json>): Json {
  if (Array.isArray(node)) return node.map((item) => hoist(item, schemas))
  if (typeof node !== 'object' || node === null) return node
  const entries = Object.entries(node as Schema).map(([key, value]) => [
    key,
    value === undefined || OPAQUE.includes(key) ? value : hoist(value, schemas),
  ])
  const inner: Schema = Object.fromEntries(entries)
  if (typeof inner.title !== 'string' || !/^[A-Z]\w*$/.test(inner.title)) return inner
  const name = nameFor(inner.title, inner, schemas)
  schemas[name] = { ...inner, ...(schemas[name] as Schema | undefined) }
  return { $ref: `#/components/schemas/${name}` }
}

function nameFor(title: string, schema: Schema, schemas: Readonly<Record<string, Json>>): string {
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? title : `${title}${count}`
    const known = schemas[name] as Schema | undefined
    if (!known || meaning(known) === meaning(schema)) return name
  }
}

/** Compares without examples, because `@fastify/swagger` removes those of a schema that is a whole answer. */
const meaning = ({ examples: _, example: __, ...rest }: Schema) => JSON.stringify(rest)
