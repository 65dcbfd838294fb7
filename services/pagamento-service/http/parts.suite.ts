/** Shared by the tests of the counter: its routes on a test database, and deals to try them on. */
import assert from 'node:assert/strict'
import { after } from 'node:test'
import { pino } from 'pino'
import { generatePaymentCode, type MessageContract, permissionsOf } from '#contracts'
import { approvalRoutes } from '#host'
import { systemIds } from '#platform/clock'
import { httpApp } from '#platform/http/app'
import type { Access } from '#platform/http/auth'
import { counterParts } from '../../../tests/fixtures/counter.ts'
import { messageOf, testDatabase } from '../../../tests/fixtures/database.ts'
import { paymentCommands } from '../charges/commands.ts'
import { newCode } from '../charges/new-code.ts'
import { tillClosingKind } from '../closings/closing-day.ts'
import { moneyByHand } from '../closings/money-by-hand.ts'
import { routes } from '../http.ts'
import { lineKind } from '../owed/lines.ts'
import { owedSettlementKind } from '../owed/settling.ts'
import { debtKind } from '../parts/debts.ts'
import { partKind } from '../parts/parts.ts'
import { simulatedProvider } from '../provider/simulated-provider.ts'

export const HOUR = 3_600_000
export const DUE = 45_000
const tested = await testDatabase(new URL('../migrations/', import.meta.url))
export const { database, unitOfWork } = tested
const { vault, sent } = tested
/** Shows the time that a test has set. */
export const clock = { at: new Date('2026-11-23T12:00:00Z'), now: () => clock.at }
const counter = counterParts(vault, clock)
const commands = [
  moneyByHand(clock),
  ...paymentCommands({
    ...{ clock, provider: simulatedProvider, newCode, timeToLiveMs: 60_000, counterTimeToLiveMs: 72 * HOUR },
    onExpiry: () => {},
  }),
]
const access: Access = {
  permissions: permissionsOf('pagamento-service'),
  verify: (token) => {
    const [role = '', subject = '', own] = token.split('.')
    if (role === 'customer') return Promise.resolve({ role, customer_id: Number(subject) })
    const named = { role: role as 'staff' | 'admin' | 'service', subject }
    return Promise.resolve({ ...named, ...(own && { customer_id: Number(own) }) })
  },
}
const app = await httpApp({ access, title: '', description: '', version: '0', log: pino({ level: 'silent' }) })
const parts = { database, vault, unitOfWork, clock, ...counter }
routes({ ...parts, provider: simulatedProvider, secrets: [], onErrand: () => {} })(app)
approvalRoutes({
  ...parts,
  kinds: [partKind(parts), lineKind(parts), owedSettlementKind(parts), debtKind(parts), tillClosingKind(parts)],
})(app)
await app.ready()
after(() => app.close())

export async function call(method: 'GET' | 'POST', url: string, body?: object, token = 'staff.rui', more: object = {}) {
  const headers = { authorization: `Bearer ${token}`, ...more }
  const answer = await app.inject({ method, url, headers, ...(body && { payload: body }) })
  return { status: answer.statusCode, body: answer.json() }
}

export async function tell(contract: MessageContract, transaction_id: string, body: object) {
  const command = commands.find((one) => one.contract === contract)
  assert.ok(command)
  await unitOfWork(async (tx, send) => command.handle(tx, [messageOf(contract, transaction_id, body)], send))
  return sent.findLast((one) => one.transaction_id === transaction_id)
}

let buyers = 6

export async function deal(amount = DUE) {
  const transaction_id = systemIds.uuid()
  buyers += 1 // a new customer each time, because the sums of one customer add up
  const charge = { customer_id: buyers, vehicle_id: 3, amount_cents: amount * 100, payment_type: 'counter' }
  await tell(generatePaymentCode, transaction_id, charge)
  const [code] = (await call('GET', `/payment-codes?transaction_id=${transaction_id}`)).body
  return { transaction_id, charge, code: code.code as string }
}
export type Deal = Awaited<ReturnType<typeof deal>>

export const pay = (
  { code }: Deal,
  amount: number | undefined,
  payment_method = 'banknotes',
  more: object = {},
  token?: string,
) => call('POST', '/payments', { payment_code: code, payment_method, ...(amount && { amount }), ...more }, token)

export const codeOf = async ({ code }: Deal) => (await call('GET', `/payment-codes/${code}`)).body
export const told = ({ transaction_id }: Deal) =>
  sent.filter((one) => one.transaction_id === transaction_id).map(({ type }) => type)
export const isPaid = (one: Deal) => told(one).filter((type) => type === 'events.payment.processed').length
export const owed = async ({ transaction_id }: Deal) =>
  (await call('GET', `/owed-items?transaction_id=${transaction_id}`)).body.owed_items.map(
    ({ amount, reason }: { amount: number; reason: string }) => [amount, reason],
  )
