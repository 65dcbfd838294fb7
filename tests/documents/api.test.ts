/** The generated documents: complete, valid and, if they are kept in the repository, current. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import specs from '@asyncapi/specs'
import { generateCpf, getPixPayloadInfo } from '@brazilian-utils/brazilian-utils'
import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv } from 'ajv'
import { parse } from 'yaml'
import { permissionsOf, problems, serviceNames } from '#contracts'
import { registerFormats } from '#platform/formats'
import type { Caller } from '#platform/http/auth'
import { operationId, operationsOf } from '#platform/http/openapi'
import type { Json, OpenApi, Operation, Schema } from '#platform/http/openapi-document'
import { version } from '../../app/version.ts'
import { createClient } from '../../clients/typescript/client.ts'
import { NotWatchable, watchPurchase } from '../../clients/typescript/events.ts'
import { buyCheapest } from '../../clients/typescript/example.ts'
import { generated } from '../../documents/generated.ts'
import { buy, customerWith, PAGAMENTO, startSystem, vehicleAt } from '../fixtures/system.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const api = await startSystem()
const documents = new Map<string, OpenApi>()
for (const { name, url } of api.system.services) {
  documents.set(name, (await (await fetch(`${url}/openapi.json`)).json()) as OpenApi)
}
const ofAll = documents.get('gateway') as OpenApi
const admin = await tokenOf({ role: 'admin' })
let token = admin
const door = { baseUrl: api.system.addressOf('gateway'), token: () => token }

async function tokenOf(caller: Caller) {
  return (await api.as(caller)).authorization.slice('Bearer '.length)
}

/** The faults that `find` finds in any document, each with its operation. */
function wrongIn(find: (operation: Operation, document: OpenApi) => readonly string[]): string[] {
  return [...documents].flatMap(([service, document]) =>
    [...operationsOf(document)].flatMap(([path, method, operation]) =>
      find(operation, document).map((what) => `${service} ${method} ${path}: ${what}`),
    ),
  )
}

test('every service and the gateway describe themselves in valid OpenAPI 3.1', async () => {
  assert.equal(documents.size, serviceNames.length + 1)
  for (const [service, document] of documents) {
    assert.equal(document.openapi, '3.1.0')
    const { valid, errors } = await new Validator().validate({ ...structuredClone(document) })
    assert.ok(valid, `${service}: ${JSON.stringify(errors)}`)
  }
})

test('every operation has a summary, tags, and an id that no other has', () => {
  const lacking = wrongIn(({ summary, tags = [], operationId: id = '' }) => [
    ...(summary ? [] : ['no summary']),
    ...(tags.length > 0 ? [] : ['no tags']),
    ...(/^[a-z][A-Za-z]+$/.test(id) ? [] : [`operationId ${id}`]),
  ])
  assert.deepEqual(lacking, [])
  for (const [service, document] of documents) {
    const ids = [...operationsOf(document)].map(([, , { operationId: id }]) => id)
    assert.deepEqual(
      ids.filter((id, index) => ids.indexOf(id) !== index),
      [],
      service,
    )
  }
})

test('operations are named as one would say them', () => {
  const named = (route: string) => operationId(...(route.split(' ') as [string, string]))
  assert.equal(named('get /customers/{id}/vehicles'), 'listCustomerVehicles')
  assert.equal(named('get /saga-states/{transaction_id}'), 'getSagaState')
  assert.equal(named('post /webhook-subscriptions'), 'createWebhookSubscription')
  assert.equal(named('put /vehicles/{id}'), 'updateVehicle')
  assert.equal(named('patch /vehicles/{id}/mark_as_sold'), 'markVehicleAsSold')
  assert.equal(named('post /webhook-subscriptions/{id}/rotate-secret'), 'rotateWebhookSubscriptionSecret')
  assert.equal(named('delete /dead-letters/{id}'), 'deleteDeadLetter')
})

test('every body that is asked for has an example that fits', () => {
  const ajv = new Ajv({ strict: false, multipleOfPrecision: 4 })
  registerFormats(ajv)
  const wrong = wrongIn(({ requestBody }, { components }) =>
    Object.values(requestBody?.content ?? {}).flatMap(({ schema = {}, example, examples }) => {
      const shown = example === undefined ? Object.values(examples ?? {}).flatMap(valueIn) : [example]
      if (shown.length === 0) return ['no example']
      const fits = ajv.compile({ ...schema, components } as Schema)
      return shown.flatMap((one) => (fits(one) ? [] : [`${JSON.stringify(one)} ${ajv.errorsText(fits.errors)}`]))
    }),
  )
  assert.deepEqual(wrong, [])
})

test('every schema by which a request is checked can be compiled', () => {
  const ajv = new Ajv({ strict: false, multipleOfPrecision: 4 })
  registerFormats(ajv)
  let compiled = 0
  wrongIn(({ parameters = [], requestBody }, { components }) => {
    const bodies = Object.values(requestBody?.content ?? {}).map(({ schema }) => schema)
    for (const schema of [...bodies, ...parameters.map(({ schema }) => schema)]) {
      if (schema) assert.ok(ajv.compile({ ...schema, components } as Schema))
      compiled += 1
    }
    return []
  })
  assert.ok(compiled > 500, `only ${compiled}`)
})

const valueIn = (example: object): Json[] => ('value' in example ? [example.value as Json] : [])
const typeOfExample = (example: Json | undefined) => (example as { value?: { type?: string } } | undefined)?.value?.type

test('every refusal is documented as a problem of the catalogue, with an example', () => {
  const wrong = wrongIn(({ responses }, { components }) =>
    Object.entries(responses).flatMap(([status, { content = {}, description }]) => {
      if (Number(status) < 400) return description === 'Default Response' ? [`${status} says nothing`] : []
      const { schema, examples = {} } = content['application/problem+json'] ?? {}
      const types = new Map(Object.entries(problems).map(([name, { type, status: code }]) => [name, `${code} ${type}`]))
      const strange = Object.entries(examples).filter(
        ([name]) => types.get(name) !== `${status} ${typeOfExample(components.examples?.[name])}`,
      )
      const isTold = schema?.$ref === '#/components/schemas/Problem' && Object.keys(examples).length > 0
      return isTold && strange.length === 0 ? [] : [`${status} ${JSON.stringify(strange)}`]
    }),
  )
  assert.deepEqual(wrong, [])
})

test('every operation says who may call it, as the table of permissions does', () => {
  for (const service of serviceNames) {
    const document = documents.get(service) as OpenApi
    for (const [path, method, { security }] of operationsOf(document)) {
      const row = permissionsOf(service)[`${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`]
      assert.ok(row && security, `${service} ${method} ${path}`)
      const roles = security.flatMap(({ token = [] }) => token)
      assert.deepEqual(roles, row.who === 'everybody' ? [] : row.who, `${service} ${method} ${path}`)
      if (row.who === 'everybody' && row.proof === undefined) assert.deepEqual(security, [])
      for (const name of security.flatMap(Object.keys)) assert.ok(document.components.securitySchemes?.[name], name)
    }
  }
  const listed = ofAll.paths['/vehicles']?.get?.security
  assert.deepEqual(listed, [{}, { token: [] }], 'a list that everybody may see, and more of it with a token')
  const outside = [...operationsOf(ofAll)].filter(([, , { security }]) =>
    security?.some((way) => way.token?.includes('service')),
  )
  const inside = [...operationsOf(ofAll)].filter(([, , { security }]) => security === undefined)
  assert.deepEqual(inside, [])
  assert.ok(
    outside.every(([, , { security }]) => security?.length === 1),
    'beside people, no service is named',
  )
})

test('patterns mean the same to tools that read them without the flag u', () => {
  for (const [service, document] of documents) {
    for (const [, pattern = ''] of JSON.stringify(document).matchAll(/"pattern":("(?:[^"\\]|\\.)*")/g)) {
      const text = JSON.parse(pattern) as string
      assert.doesNotMatch(text, /\\p\{|\\u\{/i, `${service}: ${text}`)
      assert.ok(new RegExp(text))
    }
  }
})

test('a linter of OpenAPI finds no fault in the document in docs/api', async () => {
  const env = { ...process.env, REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' }
  const { stderr } = await promisify(execFile)('node_modules/.bin/redocly', ['lint'], { cwd: ROOT, env })
  assert.match(stderr, /Your API description is valid/)
})

test('nothing of the tools that made them shows in the documents', () => {
  for (const [service, document] of documents) {
    assert.doesNotMatch(JSON.stringify(document), /"~|def-\d|schema-\d|"\$id"|Default Response|undefined/, service)
    const twins = Object.keys(document.components.schemas ?? {}).filter((name) => /\d$/.test(name))
    assert.deepEqual(twins, [], `${service}: two different schemas have one title`)
  }
})

/** The routes between services, and those of identidade-service that only `web` reaches. */
const INSIDE =
  /^\/(account-customers|customer-notices|notices)\/|^\/(account-ties|customer-ties|staff-contacts)$|^\/auth\/(?!jwks$)|^\/me$/

test('the gateway’s document has every public operation of the services, and no other', () => {
  const inner = serviceNames.flatMap((service) =>
    [...operationsOf(documents.get(service) as OpenApi)].flatMap(([path, method]) => {
      if (/^\/(health|ready|metrics)$/.test(path) || INSIDE.test(path)) return []
      const isEverywhere =
        /^.(dead-letters|purchase-records|waiting-messages|suspicions|anchors|access-log|journal|approvals)/.test(path)
      return [`${method} ${isEverywhere ? `/${service}` : ''}${path}`]
    }),
  )
  const outer = [...operationsOf(ofAll)].map(([path, method]) => `${method} ${path}`)
  assert.deepEqual(
    outer.filter((one) => !/ \/(health|ready|metrics)$/.test(one)).sort(),
    inner.sort(),
    'a path that is missing belongs into contracts/services.ts',
  )
})

test('the generated files in the repository are current', async () => {
  for (const { path, text } of generated(ofAll, version)) {
    const kept = await readFile(new URL(`../../${path}`, import.meta.url), 'utf8')
    assert.ok(kept === text, `${path} is not current: run \`npm run documents\` and commit what it writes`)
  }
})

test('the messages are described in valid AsyncAPI 3', async () => {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false })
  const schema: object = specs.schemasWithoutId['3.1.0']
  const fits = ajv.compile(schema)
  const document: Schema = parse(await readFile(new URL('../../docs/api/asyncapi.yaml', import.meta.url), 'utf8'))
  assert.ok(fits(document), ajv.errorsText(fits.errors))
  const references = JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)
  for (const [, pointer = ''] of references) {
    const found = pointer.split('/').reduce<Json | undefined>(memberOf, document)
    assert.ok(found, `${pointer} leads nowhere`)
  }
  assert.ok(Object.keys(document.channels ?? {}).length >= 20)
  const { messages } = document.components as { messages: Record<string, { payload: { title: string } }> }
  const titles = Object.values(messages).map(({ payload }) => payload.title)
  assert.equal(new Set(titles).size, titles.length, 'generators name types by them')
})

const memberOf = (node: Json | undefined, key: string): Json | undefined =>
  typeof node === 'object' ? (node as Schema | null)?.[key] : undefined

test('a frontend buys a car with the typed client, as its example shows', async () => {
  const brand = 'Gurgel'
  await vehicleAt(api, 61_000, { brand })
  const cheapest = await vehicleAt(api, 45_000, { brand })
  const pickupCode = await buyCheapest(
    door,
    brand,
    { name: 'Ana Souza', email: 'ana-example@example.com', phone: '(11) 98765-4321', document: generateCpf() },
    async (customer_id) => {
      token = await tokenOf({ role: 'customer', customer_id })
    },
    async (pixCopyPaste, payment_code) => {
      assert.equal(getPixPayloadInfo(pixCopyPaste)?.amount, 45_000)
      assert.equal((await api.call(PAGAMENTO, 'POST', '/payments', { payment_code })).status, 201)
    },
  )
  token = admin
  assert.match(pickupCode, /^\w+$/)
  const sold = await createClient(door).getVehicle({ path: { id: cheapest } })
  assert.ok(sold.ok && sold.data.status === 'sold')
})

test('a client gets a refusal as a value, by its name, with every field that is wrong', async () => {
  const client = createClient({ ...door, token: () => undefined })
  const unknown = await client.getVehicle({ path: { id: 999_999 } })
  assert.ok(!unknown.ok)
  assert.equal(unknown.problem.name, 'vehicle_not_found')
  const nobodys = await client.createPurchase({ body: { customer_id: 1, vehicle_id: 1, payment_type: 'pix' } })
  assert.ok(!nobodys.ok && nobodys.problem.name === 'bad_token')
  const misfit = await client.createCustomer({ body: { name: 'A', email: 'x', phone: '1', document: '2' } })
  assert.ok(!misfit.ok && misfit.problem.name === 'validation_failed')
  assert.deepEqual(misfit.problem.errors?.map(({ path }) => path).sort(), ['/document', '/email', '/name', '/phone'])
  // @ts-expect-error: that is none of its refusals
  assert.ok(misfit.problem.name !== 'vehicle_exists')
  // @ts-expect-error: it would have no body
  assert.equal((await createClient(door).createPurchase()).status, 422)
  const elsewhere = createClient({
    baseUrl: '',
    fetch: async () => new Response('busy', { status: 503, headers: { 'retry-after': '7' } }),
  })
  const busy = await elsewhere.listVehicles()
  assert.ok(!busy.ok)
  assert.deepEqual([busy.status, busy.retryAfter], [503, 7])
})

test('a client that repeats a purchase with its key has made one, and changes only what it has seen', async () => {
  const client = createClient(door)
  const body = {
    customer_id: await customerWith(api),
    vehicle_id: await vehicleAt(api, 9_000),
    payment_type: 'pix',
  } as const
  const header = { 'idempotency-key': 'the-basket-of-ana' }
  const [first, again] = [await client.createPurchase({ header, body }), await client.createPurchase({ header, body })]
  assert.ok(first.ok && again.ok)
  assert.equal(first.data.transaction_id, again.data.transaction_id)
  const id = await vehicleAt(api, 9_000)
  const seen = await client.getVehicle({ path: { id } })
  assert.ok(seen.ok)
  const change = { path: { id }, header: { 'if-match': seen.headers.get('etag') ?? '' } }
  assert.ok((await client.updateVehicle({ ...change, body: { price: 8_500 } })).ok)
  const late = await client.updateVehicle({ ...change, body: { price: 8_000 } })
  assert.ok(!late.ok && late.problem.name === 'precondition_failed')
})

test('a purchase is watched over a lost connection, and not at all where there is none', async () => {
  const transaction = await buy(api, await customerWith(api, { initial_balance: 5_000 }), await vehicleAt(api, 5_000))
  let lost = 0
  const flaky: typeof fetch = (...request) => {
    lost += 1
    return lost === 1 ? Promise.reject(new TypeError('fetch failed')) : fetch(...request)
  }
  const steps: string[] = []
  for await (const { event, data } of watchPurchase({ ...door, fetch: flaky }, transaction)) {
    if (event === 'transition') steps.push(data.step)
  }
  assert.equal(steps.at(-1), 'SAGA_COMPLETE')
  assert.equal(lost, 2)
  const nowhere = watchPurchase(door, '019b0000-0000-7000-8000-000000000000')
  await assert.rejects(nowhere.next(), NotWatchable)
})
