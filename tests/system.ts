/** The whole system in the test's own process, on databases of its own, and the words in which flows are told. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { generateCpf, generateLicensePlate, generateRenavam } from '@brazilian-utils/brazilian-utils'
import pino, { type Logger } from 'pino'
import type { Caller } from '#platform/auth'
import { readConfig } from '#platform/config'
import { openKeyring } from '#platform/local-issuer'
import { type EmbeddedSystem, startEmbedded } from '../app/embedded.ts'
import { testServer } from './database.ts'

interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: whatever the API answers; the assertions say what it should be
  readonly body: any
}

export interface Api {
  /** As an admin, unless `headers` say otherwise; an empty `authorization` sends none. */
  call(service: string, method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
}

export const CLIENTE = 'cliente-service'
export const VEICULO = 'veiculo-service'
export const PAGAMENTO = 'pagamento-service'
export const ORQUESTRADOR = 'orquestrador'

/** Stopped, with its databases' connections closed, when the file's tests are over. */
export async function startSystem(
  environment: Record<string, string> = {},
  log?: Logger,
): Promise<Api & { system: EmbeddedSystem; as: Signer; directory: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'mercado-veiculo-system-'))
  const config = readConfig({
    LOG_LEVEL: 'fatal',
    PORT_CLIENTE: '0',
    PORT_VEICULO: '0',
    PORT_PAGAMENTO: '0',
    PORT_ORQUESTRADOR: '0',
    PORT_GATEWAY: '0',
    DATABASE_URL: testServer(),
    DATABASE_PREFIX: `t${randomBytes(5).toString('hex')}_`,
    DATA_DIR: folder,
    AUDIT_EVERY_MINUTES: '0',
    RATE_LIMIT_GUESSES: '0',
    RATE_LIMIT_LOOKUPS: '0',
    RATE_LIMIT_PER_IDENTITY: '0',
    RATE_LIMIT_PURCHASES: '0',
    ...environment,
  })
  const system = await startEmbedded({ config, log: log ?? pino({ level: config.LOG_LEVEL }) })
  after(async () => {
    await system[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  })
  const as = await signerOf(config.DATA_DIR)
  return {
    system,
    as,
    directory: config.DATA_DIR,
    ...apiAt((service) => system.addressOf(service), await as({ role: 'admin' })),
  }
}

/** Headers that prove to be this caller, for an hour. */
export type Signer = (caller: Caller) => Promise<{ authorization: string }>

/** For the system whose local issuer's key lies in `directory`. */
async function signerOf(directory: string): Promise<Signer> {
  const keyring = await openKeyring(directory)
  return async (caller) => ({ authorization: `Bearer ${await keyring.sign(caller)}` })
}

export const adminOf = async (directory: string) => (await signerOf(directory))({ role: 'admin' })

export function apiAt(addressOf: (service: string) => string, admin: { authorization: string }): Api {
  return {
    async call(service, method, path, body, { authorization = admin.authorization, ...more } = {}) {
      const headers = { ...more, ...(authorization && { authorization }) }
      const response = await fetch(`${addressOf(service)}${path}`, {
        method,
        headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      return { status: response.status, body: text ? JSON.parse(text) : undefined }
    },
  }
}

export async function customerWith(
  api: Api,
  money: { initial_balance?: number; credit_limit?: number } = {},
): Promise<number> {
  const { status, body } = await api.call(CLIENTE, 'POST', '/customers', {
    name: 'Ana Souza',
    email: `ana-${randomBytes(8).toString('hex')}@example.com`,
    phone: '(11) 98765-4321',
    document: generateCpf(),
    ...money,
  })
  assert.equal(status, 201, JSON.stringify(body))
  return body.id
}

/** `other` are fields that matter to the test. */
export async function vehicleAt(api: Api, price: number, other: object = {}): Promise<number> {
  const { status, body } = await api.call(VEICULO, 'POST', '/vehicles', {
    brand: 'Fiat',
    model: 'Strada',
    year: 2023,
    color: 'Branco',
    price,
    license_plate: generateLicensePlate('LLLNLNN'),
    chassi_number: `9BD${randomBytes(7).toString('hex').toUpperCase()}`,
    renavam: generateRenavam(),
    ...other,
  })
  assert.equal(status, 201, JSON.stringify(body))
  return body.id
}

/** Starts a purchase that must be accepted. */
export async function buy(api: Api, customer_id: number, vehicle_id: number, payment_type = 'cash'): Promise<string> {
  const { status, body } = await api.call(ORQUESTRADOR, 'POST', '/purchase', { customer_id, vehicle_id, payment_type })
  assert.equal(status, 202, JSON.stringify(body))
  return body.transaction_id
}

export const sagaOf = async (api: Api, transaction_id: string) =>
  (await api.call(ORQUESTRADOR, 'GET', `/saga-states/${transaction_id}`)).body

export const customerOf = async (api: Api, id: number) => (await api.call(CLIENTE, 'GET', `/customers/${id}`)).body

export const vehicleOf = async (api: Api, id: number) => (await api.call(VEICULO, 'GET', `/vehicles/${id}`)).body

/** Where the saga went, in order, without repetitions. */
export async function stepsOf(api: Api, transaction_id: string): Promise<string[]> {
  const { body } = await api.call(ORQUESTRADOR, 'GET', `/saga-states/${transaction_id}/history`)
  const steps: string[] = body.history.map(({ step }: { step: string }) => step)
  return steps.filter((step, index) => step !== steps[index - 1])
}

const FINAL = ['COMPLETED', 'FAILED', 'FAILED_COMPENSATED', 'CANCELLED', 'FAILED_REQUIRES_MANUAL_INTERVENTION']

/** The saga once nothing more happens to it by itself. */
export const settled = (api: Api, transaction_id: string) =>
  until(`${transaction_id} has settled`, async () => {
    const saga = await sagaOf(api, transaction_id)
    return FINAL.includes(saga.status) ? saga : undefined
  })

/** Asks again until there is an answer, for at most 30 s. */
export async function until<T>(what: string, ask: () => Promise<T | undefined | false>): Promise<T> {
  const giveUp = Date.now() + 30_000
  for (;;) {
    const answer = await ask()
    if (answer) return answer
    if (Date.now() > giveUp) throw new Error(`waited in vain until ${what}`)
    await pause(10)
  }
}
