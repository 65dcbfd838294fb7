/**
 * Every route of every service gets requests that are generated from its own OpenAPI document, valid and broken ones. There must be
 * no fault, no hang, nothing undocumented, and no change by a refused request. FUZZ_REQUESTS and FUZZ_SEED say how many and which; a
 * failure names the seed and shows the requests.
 */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { operationsOf } from '#platform/http/openapi'
import type { OpenApi } from '#platform/http/openapi-document'
import { openKeyring } from '#platform/tokens/local-issuer'
import { databasePrefix, testServer } from '../fixtures/database.ts'
import { isLarge } from '../fixtures/size.ts'
import { startSystem } from '../fixtures/system.ts'
import { changed, digestsOf } from './digest.ts'
import { driverOf, type Outcome } from './drive.ts'
import { makeGround, makeTokens } from './ground.ts'
import { type FuzzRequest, requestsTo } from './requests.ts'

const REQUESTS = Number(process.env.FUZZ_REQUESTS || (isLarge ? 20_000 : 3_000))
const SEED = Number(process.env.FUZZ_SEED || 1)
const BATCH = 250

const DATABASE_PREFIX = databasePrefix()
const DATA_DIR = await mkdtemp(join(tmpdir(), 'mercado-veiculo-fuzz-'))
after(() => rm(DATA_DIR, { recursive: true, force: true }))
const api = await startSystem({ DATABASE_PREFIX, DATA_DIR, DATABASE_POOL_SIZE: '20' })
const pools = await makeGround(api)
const tokens = await makeTokens(await openKeyring(DATA_DIR))

interface Aimed {
  readonly target: string
  readonly request: FuzzRequest
}

const targets = await Promise.all(
  api.system.services.map(async ({ name, url }) => {
    const document = (await (await fetch(`${url}/openapi.json`)).json()) as OpenApi
    return { name, document, driver: driverOf(url, document) }
  }),
)
after(() => Promise.all(targets.map(({ driver }) => driver[Symbol.asyncDispose]())))
const digests = await digestsOf(
  api.system.services
    .filter(({ name }) => name !== 'gateway')
    .map(({ name }) => {
      const url = new URL(testServer())
      url.pathname = `/${DATABASE_PREFIX}${name.replaceAll('-', '_')}`
      return url.href
    }),
)

after(() => digests[Symbol.asyncDispose]())

test('no generated request finds a fault, a hang, an undocumented answer or a refusal with an effect', async (t) => {
  const aimed = generated()
  const tally = new Map<number, number>()
  const faults = new Map<string, string[]>()
  const effects: string[] = []
  let repeated = 0
  const begun = performance.now()

  for (let from = 0; from < aimed.length; from += BATCH) {
    const outcomes = await send(aimed.slice(from, from + BATCH))
    for (const { target, outcome } of outcomes) {
      tally.set(outcome.status, (tally.get(outcome.status) ?? 0) + 1)
      for (const fault of outcome.faults)
        note(faults, `${target} ${outcome.request.operation} ${fault}`, shown({ target, request: outcome.request }))
    }
    const refused = outcomes.filter(({ outcome }) => isRefusedWrite(outcome))
    repeated += refused.length
    effects.push(...(await effectsOf(refused.map(({ target, outcome: { request } }) => ({ target, request })))))
  }

  const seconds = (performance.now() - begun) / 1_000
  const statuses = [...tally].sort(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`)
  t.diagnostic(
    `${aimed.length} requests and ${repeated} refused ones again in ${seconds.toFixed(1)} s, seed ${SEED}; ${statuses.join(', ')}`,
  )
  const found = [...faults].map(([fault, requests]) =>
    `${fault} (${requests.length} times, such as ${requests[0]})`.toWellFormed(),
  )
  assert.deepEqual(found, [], `with seed ${SEED}`)
  assert.deepEqual(effects, [], `changed by refused requests, with seed ${SEED}`)
  assert.ok((tally.get(503) ?? 0) < aimed.length / 100, 'refused as overloaded more often than now and then')
  assert.ok(
    [...tally].filter(([status]) => status < 300).length > 0 && (tally.get(422) ?? 0) > 0,
    'both kinds are tried',
  )
})

/** The same number for each operation, all kinds mixed; an eighth of them goes through the gateway. */
function generated(): Aimed[] {
  const operations = targets.flatMap(({ name, document }) =>
    [...operationsOf(document)].map(([path, method, operation]) => ({
      name,
      requests: requestsTo({ document, pools, tokens }, path, method, operation),
      share: name === 'gateway' ? 1 / 8 : 7 / 8,
    })),
  )
  const sizes = operations.map(({ name, share }) =>
    Math.ceil(
      (share * REQUESTS) / operations.filter((one) => (one.name === 'gateway') === (name === 'gateway')).length,
    ),
  )
  const samples = operations.map(({ name, requests }, index) =>
    fc
      .sample(requests, { numRuns: sizes[index] ?? 0, seed: SEED * 1_000 + index })
      .map((request) => ({ target: name, request })),
  )
  const rounds = Math.max(...sizes)
  return Array.from({ length: rounds }, (_, round) => samples.flatMap((sample) => sample[round] ?? [])).flat()
}

async function send(aimed: readonly Aimed[]): Promise<{ target: string; outcome: Outcome }[]> {
  const sent = targets.map(async ({ name, driver }) => {
    const outcomes = await driver.send(aimed.filter(({ target }) => target === name).map(({ request }) => request))
    return outcomes.map((outcome) => ({ target: name, outcome }))
  })
  return (await Promise.all(sent)).flat()
}

/**
 * Refused requests are sent once more, alone, between two looks at all tables. A request that is accepted this time proves nothing,
 * and neither do changes by other work: a change counts when it comes with each of three attempts.
 */
async function effectsOf(refused: readonly Aimed[]): Promise<string[]> {
  if ((await tablesChangedBy(refused)).length === 0) return []
  const groups = Map.groupBy(refused, ({ target, request }) => `${target} ${request.operation}`)
  const found: string[] = []
  for (const [operation, requests] of groups) {
    const tables = await tablesChangedBy(requests)
    if (tables.length > 0) found.push(`${tables.join(', ')} by ${operation}, such as ${shown(requests[0])}`)
  }
  return found
}

async function tablesChangedBy(refused: readonly Aimed[]): Promise<string[]> {
  let attempt = refused
  let tables: string[] = []
  for (let count = 0; count < 3 && attempt.length > 0; count += 1) {
    const before = await digests.settled()
    const outcomes = await send(attempt)
    tables = changed(before, await digests.settled())
    if (tables.length === 0) return []
    attempt = outcomes.flatMap(({ target, outcome }) =>
      isRefusedWrite(outcome) ? [{ target, request: outcome.request }] : [],
    )
  }
  return tables
}

const isRefusedWrite = ({ request, status }: Outcome) =>
  status >= 400 && status < 500 && request.method !== 'GET' && request.method !== 'HEAD'

function note(found: Map<string, string[]>, what: string, example: string) {
  found.set(what, [...(found.get(what) ?? []), example])
}

function shown(aimed: Aimed | undefined): string {
  if (!aimed) return ''
  const { method, path, headers, body } = aimed.request
  const { authorization = '', ...others } = headers
  const asWhom = authorization.slice(0, 7)
  return `${method} ${path.slice(0, 200)} ${asWhom} ${JSON.stringify(others).slice(0, 200)} ${body?.toString().slice(0, 300)}`
}
