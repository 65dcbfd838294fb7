/** One document out of several: nothing is lost, nothing is mixed up. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OpenApi, Schema } from '#platform/http/openapi-document'
import { merged } from './merged-document.ts'

const info = { title: 'a service', version: '1' }
const empty: OpenApi = { openapi: '3.1.0', info, paths: {}, components: {} }

/** A document of one operation that answers with a schema called Thing. */
const documentOf = (path: string, operationId: string, thing: Schema, tag = 'things'): OpenApi => ({
  ...empty,
  paths: {
    [path]: {
      get: {
        operationId,
        tags: [tag],
        responses: {
          '200': {
            description: 'OK',
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } },
          },
        },
      },
    },
  },
  components: { schemas: { Thing: thing } },
})

const answerOf = (document: OpenApi, path: string) =>
  document.paths[path]?.get?.responses['200']?.content?.['application/json']
const schemasOf = ({ components }: OpenApi) => Object.keys(components.schemas ?? {})

test('schemas that are the same stand once, those that only share a name are told apart', () => {
  const [text, number] = [{ type: 'string' }, { type: 'number' }]
  const document = merged(empty, [
    { service: 'cliente-service', document: documentOf('/customers', 'listCustomers', text) },
    { service: 'veiculo-service', document: documentOf('/vehicles', 'listVehicles', number) },
    { service: 'orquestrador', document: documentOf('/purchase', 'getPurchase', text) },
  ])
  assert.deepEqual(schemasOf(document), ['Thing', 'VeiculoServiceThing'])
  assert.deepEqual(answerOf(document, '/customers')?.schema, { $ref: '#/components/schemas/Thing' })
  assert.deepEqual(answerOf(document, '/vehicles')?.schema, { $ref: '#/components/schemas/VeiculoServiceThing' })
  assert.deepEqual(answerOf(document, '/purchase')?.schema, { $ref: '#/components/schemas/Thing' })
})

test('paths that every service has are found under the service’s name, with ids of their own', () => {
  const deadLetters = documentOf('/dead-letters', 'listDeadLetters', {})
  const document = merged(empty, [
    { service: 'cliente-service', document: deadLetters },
    { service: 'orquestrador', document: deadLetters },
  ])
  assert.deepEqual(
    Object.entries(document.paths).map(([path, { get }]) => [path, get?.operationId]),
    [
      ['/cliente-service/dead-letters', 'listDeadLettersOfClienteService'],
      ['/orquestrador/dead-letters', 'listDeadLettersOfOrquestrador'],
    ],
  )
})

test('private paths of a service are left out, and their tags with them', () => {
  const document = merged(empty, [
    { service: 'orquestrador', document: documentOf('/health', 'getHealth', {}, 'inside') },
  ])
  assert.deepEqual([document.paths, document.tags], [{}, []])
})

test('every route through the gateway may also be answered by the gateway itself', () => {
  const document = merged(empty, [
    { service: 'veiculo-service', document: documentOf('/vehicles', 'listVehicles', {}) },
  ])
  const responses = document.paths['/vehicles']?.get?.responses ?? {}
  assert.deepEqual(Object.keys(responses).sort(), ['200', '502', '503', '504'])
  const { schema } = responses['504']?.content?.['application/problem+json'] ?? {}
  assert.deepEqual(schema, { $ref: '#/components/schemas/Problem' })
})

test('the documents that it is made of stay as they are', () => {
  const own = structuredClone(empty)
  const part = documentOf('/vehicles', 'listVehicles', {})
  const before = structuredClone(part)
  merged(own, [{ service: 'veiculo-service', document: part }])
  assert.deepEqual([own, part], [empty, before])
})
