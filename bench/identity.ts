/**
 * Measures whether the time of an answer reveals who has an account. It sends the same request for addresses with an
 * account and for others, by turns, to a whole identidade-service over HTTP. Ends with 1 when the medians differ by more
 * than the aim. Tests assert no times, so this bench does.
 */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { generateCpf } from '@brazilian-utils/brazilian-utils'
import pino from 'pino'
import { readConfig } from '#platform/config'
import { openKeyring } from '#platform/tokens/local-issuer'
import { ANY_PORT } from '../app/addresses.ts'
import { startEmbedded } from '../app/embedded/embedded.ts'

const { values: options } = parseArgs({ options: { accounts: { type: 'string', default: '30' } } })
const ACCOUNTS = Number(options.accounts)
/** How much the medians may differ, as a part of the slower one: below it, a stranger needs more requests than pacing gives. */
const AIM = 0.1
const ORIGIN = 'http://localhost:8000'
const PASSWORD = 'três carros na garagem'

const folder = await mkdtemp(join(tmpdir(), 'mercado-veiculo-identity-'))
const config = readConfig({
  LOG_LEVEL: 'fatal',
  ...ANY_PORT,
  PORT_POSTGRES: '0',
  PUBLIC_ORIGIN: ORIGIN,
  DATA_DIR: folder,
  RATE_LIMIT_GUESSES: '0',
})
const system = await startEmbedded({ config, log: pino({ level: config.LOG_LEVEL }) })
const authorization = `Bearer ${await (await openKeyring(folder)).sign({ role: 'admin' })}`
const unknownAddress = () => `ninguem-${randomBytes(6).toString('hex')}@example.com`
let asked = 0

/** Each call has an address of its own, as from a stranger with many addresses. */
async function post(path: string, body: object): Promise<{ status: number; milliseconds: number; content: unknown }> {
  asked += 1
  const began = performance.now()
  const response = await fetch(`${system.addressOf('identidade-service')}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      origin: ORIGIN,
      'x-forwarded-for': `198.18.${asked >> 8}.${asked & 255}`,
    },
    body: JSON.stringify(body),
  })
  const content: unknown = await response.json()
  return { status: response.status, milliseconds: performance.now() - began, content }
}

const person = (email: string) => ({
  ...{ name: 'Ana Souza', document: generateCpf(), birth_date: '1990-03-01', phone: '11987654321' },
  email,
  password: PASSWORD,
})

/** Makes an account as people do, with the code from the mail. */
async function makeAccount(): Promise<string> {
  const email = `alguem-${randomBytes(6).toString('hex')}@example.com`
  const { content } = await post('/auth/sign-up/email', person(email))
  const code = await codeOf(email)
  const { sign_up_id } = content as { sign_up_id: string }
  const { status } = await post('/auth/sign-up/verify', { sign_up_id, code })
  if (status !== 200) throw new Error(`an account could not be made: ${status}`)
  return email
}

/** Reads the code from the mails that development keeps. */
async function codeOf(email: string): Promise<string> {
  for (let tries = 0; tries < 200; tries += 1) {
    const response = await fetch(`${system.addressOf('avisos-service')}/mails`, { headers: { authorization } })
    const { mails } = (await response.json()) as { mails: { to: string; text: string }[] }
    const [, code] = /^ {4}(\d{6})$/m.exec(mails.find(({ to }) => to === email)?.text ?? '') ?? []
    if (code) return code
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('no code was kept')
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0

async function compare(what: string, known: readonly string[], ask: (email: string) => ReturnType<typeof post>) {
  const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] }
  const statuses = new Set<string>()
  for (const email of known)
    for (const [kind, address] of [
      ['known', email],
      ['unknown', unknownAddress()],
    ] as const) {
      const { status, milliseconds } = await ask(address)
      statuses.add(`${kind} ${status}`)
      times[kind].push(milliseconds)
    }
  const [a, b] = [median(times.known), median(times.unknown)]
  const apart = Math.abs(a - b) / Math.max(a, b)
  console.log(
    `${what.padEnd(30)} known ${a.toFixed(1)} ms, unknown ${b.toFixed(1)} ms, ${(apart * 100).toFixed(1)} % apart (${[...statuses].join(', ')})`,
  )
  if (apart > AIM) process.exitCode = 1
}

try {
  const known: string[] = []
  for (let count = 0; count < ACCOUNTS; count += 1) known.push(await makeAccount())
  const password = 'uma senha adivinhada'
  await compare('sign-in', known, (email) => post('/auth/sign-in/email', { email, password }))
  await compare('sign-up', known, (email) => post('/auth/sign-up/email', person(email)))
  await compare('reset, the request', known, (email) => post('/auth/email-otp/request-password-reset', { email }))
  await compare('reset, a guessed code', known, (email) =>
    post('/auth/email-otp/reset-password', { email, otp: '123456', password: PASSWORD }),
  )
} finally {
  await system[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
}
