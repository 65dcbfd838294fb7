/**
 * From Terraform to the first purchase: the grants, the migrations, every container's command line in production with the environment that
 * Terraform gives it, the first admin, and a car that is sold.
 */
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { processNames, serviceNames } from '#contracts'
import { findPubsubEmulator } from '../../app/cluster/pubsub-emulator.ts'
import { apiAt, buy, customerOf, customerWith, settled, vehicleAt } from '../fixtures/system.ts'
import { type Deployed, deploy } from './deployed.ts'
import { type GivenByTerraform, givenInProduction } from './given-by-terraform.ts'
import { found } from './terraform-at-work.ts'

const PUBLIC = 'https://loja.example.com'
const PASSWORD = 'vidro-amarelo-72'
const STARTED = ['web', ...processNames]
const missing = (await found('terraform', ['version']))
  ? findPubsubEmulator() === undefined && 'the emulator'
  : 'terraform'

if (missing) test('production starts', { skip: `${missing} is not on this machine` }, () => {})
else await prove()

async function prove() {
  const given = await givenInProduction()
  const folder = await mkdtemp(join(tmpdir(), 'deployed-'))
  const system = await deploy(given, folder)
  after(async () => {
    await system[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  })
  proveGiven(given)

  test('each migration runs as the owner of the tables, and a second time finds nothing to do', async () => {
    const said = await Promise.all(serviceNames.map((name) => system.execute(`migrate-${name}`)))
    for (const words of said) assert.match(words, /^Applied messaging\/0001_/)
    assert.equal(await system.execute('migrate-orquestrador'), 'Nothing new\n')
  })

  test('every container starts in production with the environment that Terraform gives it', async () => {
    await Promise.all(STARTED.map((name) => system.start(name)))
    for (const name of STARTED) assert.doesNotMatch(system.output(name), /"severity":"CRITICAL"/, name)
  })

  test('the pages are reached by the public door', async () => {
    const page = await fetch(`${system.urlOf('gateway')}/carros`)
    assert.equal(page.status, 200)
    assert.match(await page.text(), /<html lang="pt-BR"/)
  })

  test('the first admin comes in by the link of the job, and a car is sold', async () => {
    const token = await firstAdmin(system)
    const api = apiAt(() => system.urlOf('gateway'), { authorization: `Bearer ${token}` })
    const buyer = await customerWith(api, { initial_balance: 90_000 })
    const id = await buy(api, buyer, await vehicleAt(api, 50_000))
    assert.equal((await settled(api, id)).status, 'COMPLETED')
    assert.equal((await customerOf(api, buyer)).account_balance, 40_000)
  })

  test('data keys are made anew by the job, while the services work by a role that owns no table', async () => {
    assert.match(
      await system.execute('rotate-keys-cliente-service'),
      /cliente-service: a new data key; rows sealed anew: people [1-9]/,
    )
  })

  test('every container ends with 0 when it is told to, and has written nothing outside its database', async () => {
    for (const name of STARTED) assert.equal(await system.stop(name), 0, `${name}: ${system.output(name)}`)
    assert.deepEqual(
      (await readdir(folder)).filter((file) => !['home', 'postgres', 'postgres.log', 'secrets'].includes(file)),
      [],
    )
  })
}

function proveGiven({ services, jobs }: GivenByTerraform) {
  test('each service runs as an account of its own name, and none of them owns the tables', () => {
    for (const [name, { account }] of Object.entries(services)) assert.match(account, new RegExp(`^mercado-${name}@`))
    for (const name of serviceNames) assert.match(jobs[`migrate-${name}`]?.account ?? '', /^mercado-migrations@/)
  })

  test('no service is told who owns its tables', () => {
    for (const [name, { environment }] of Object.entries(services))
      assert.deepEqual(
        Object.entries(environment).filter(([variable, text]) => /MIGRATION/.test(variable) || /migrations/.test(text)),
        [],
        name,
      )
  })
}

/** As a person does it in the pages: the link, a password, a second factor, and then a token. */
async function firstAdmin(system: Deployed): Promise<string> {
  const who = ['--name', 'Ana Souza', '--email', 'ana@example.com', '--role', 'admin']
  const link = (await system.execute('staff', ['app/staff.ts', 'add', ...who])).trim()
  assert.match(link, new RegExp(`^${PUBLIC}/convite/`))
  const call = browserAt(system.urlOf('identidade-service'))
  assert.equal(
    (await call('POST', '/auth/accept-invitation', { token: link.split('/').at(-1), password: PASSWORD })).status,
    200,
  )
  assert.equal((await call('GET', '/auth/token')).status, 403, 'a password alone is not enough')
  const { body } = await call('POST', '/auth/two-factor/enable', { password: PASSWORD })
  const secret = new URL(body.totp_uri).searchParams.get('secret') ?? ''
  assert.equal((await call('POST', '/auth/two-factor/verify-totp', { code: totp(secret, Date.now()) })).status, 200)
  const answer = await call('GET', '/auth/token')
  assert.equal(answer.status, 200, JSON.stringify(answer.body))
  return answer.body.token
}

function browserAt(url: string) {
  const cookies = new Map<string, string>()
  return async (method: string, path: string, body?: object) => {
    const answer = await fetch(url + path, {
      method,
      headers: {
        origin: PUBLIC,
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    })
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      cookies.set(name, value)
    }
    const text = await answer.text()
    return { status: answer.status, body: text ? JSON.parse(text) : undefined }
  }
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** RFC 6238, as an authenticator shows it: six digits, for thirty seconds. */
function totp(secret: string, now: number): string {
  const bits = [...secret].map((letter) => BASE32.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((octet) => Number.parseInt(octet, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(now / 30_000)))
  const hash = createHmac('sha1', key).update(counter).digest()
  const offset = (hash.at(-1) ?? 0) & 15
  return String((hash.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}
