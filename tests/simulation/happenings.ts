/** The acts of people, time and bad luck on the system. Each returns a description of what it did. */
import { isUnavailable } from '#platform/database/pg-errors'
import { passDeadlines } from '../../services/orquestrador/runner/deadlines.ts'
import { decideCharge } from '../../services/pagamento-service/charges/decide-charge.ts'
import { expireCodes } from '../../services/pagamento-service/charges/expiry.ts'
import { payHere } from '../../services/pagamento-service/charges/pay-code.ts'
import { cancelled } from '../../services/pagamento-service/domain/receipt.ts'
import { paymentReply } from '../../services/pagamento-service/domain/replies.ts'
import { runErrands } from '../../services/pagamento-service/errands/errands.ts'
import { takeReceipts } from '../../services/pagamento-service/receipts/receipts.ts'
import { amend, relist, type Vehicle, withdraw } from '../../services/veiculo-service/domain/vehicle.ts'
import { codes, lockChargesNamed } from './memory-charge-store.ts'
import { customers } from './memory-credit-store.ts'
import { vehicles } from './memory-reservation-store.ts'
import { sagas } from './memory-saga-store.ts'
import type { Transfer } from './money.ts'
import type { Random } from './random.ts'
import { Injected } from './service.ts'
import { nextMoment, type World } from './world.ts'

export type Happening = (world: World, choose: Random) => Promise<string> | string

/** The caller learns no outcome, which is expected only during an outage. */
export const failed = (what: string) => (error: unknown) => {
  if (error instanceof Injected || isUnavailable(error)) return `${what}: it fails`
  throw error
}

export async function start(world: World, choose: Random): Promise<string> {
  const [wish] = world.wishes
  if (!wish) return 'nobody else wants to buy'
  const [transaction_id, request] = wish
  world.wishes.delete(transaction_id)
  const { service, runner } = world.orquestrador
  if (!service.isUp) return `${transaction_id} finds the shop closed`
  mayBeCutOff(world, choose, 'orquestrador')
  return await runner()
    .start(transaction_id, request)
    .then(() => {
      world.accepted.set(transaction_id, request)
      return `${transaction_id} begins: ${request.payment_type}, vehicle ${request.vehicle_id}`
    })
    .catch(failed(`${transaction_id} would begin`))
}

export async function giveUp(world: World, choose: Random): Promise<string> {
  const transaction_id = anyPurchase(world, choose)
  const { service, runner } = world.orquestrador
  if (!transaction_id || !service.isUp) return 'nobody gives up'
  const said = `${transaction_id} is given up`
  return await runner()
    .apply(transaction_id, { kind: 'cancel', reason: 'gave up' })
    .then((outcome) => {
      if (outcome && !outcome.refusal) world.cancelled.add(transaction_id)
      return outcome?.refusal ? `${said}: ${outcome.refusal}` : said
    })
    .catch(failed(said))
}

export async function resume(world: World, choose: Random): Promise<string> {
  const transaction_id = anyPurchase(world, choose)
  const { service, runner } = world.orquestrador
  if (!transaction_id || !service.isUp) return 'nothing to resume'
  const said = `an operator resumes ${transaction_id}`
  return await runner()
    .apply(transaction_id, { kind: 'resume', by: 'admin' })
    .then((outcome) => (outcome?.refusal ? `${said}: ${outcome.refusal}` : said))
    .catch(failed(said))
}

/** An operator runs any saga again, as after a restore; finished work must not be done twice. */
export async function redo(world: World, choose: Random): Promise<string> {
  const transaction_id = anyPurchase(world, choose)
  const { service, runner } = world.orquestrador
  if (!transaction_id || !service.isUp) return 'nothing to redo'
  const said = `an operator redoes ${transaction_id}`
  world.redone.add(transaction_id) // even if the answer to the commit is lost
  return await runner()
    .apply(transaction_id, { kind: 'redo', by: 'admin', reason: 'to be sure' })
    .then((outcome) => (outcome?.refusal ? `${said}: ${outcome.refusal}` : said))
    .catch(failed(said))
}

/** The buyer pays: at the shop by the code, or by a transfer at their bank, in whatever amount they type there. */
export async function payByCode(world: World, choose: Random): Promise<string> {
  const { service } = world.pagamento
  const charge = anyOf([...service.database.rows(codes).values()], choose)
  if (!charge) return 'no code to pay'
  const { transaction_id, code, txid, amount_cents, payment_type } = charge
  if (payment_type === 'counter') return 'what is paid at the counter comes in parts'
  // one code is paid in one way: a payment without an end-to-end id can't be told from a later transfer
  if (!txid && Number(transaction_id.at(-1)) % 2 === 0) return await payAtTheShop(world, choose, code)
  const typed = choose.chance(85) ? amount_cents : amount_cents + 100
  const transfer = world.money.transfer(txid ?? (choose.chance(97) ? code : 'nocode'), typed)
  return transfer
    ? `${transaction_id} is paid by ${transfer.end_to_end_id}`
    : `${transaction_id} can't be paid any more`
}

async function payAtTheShop(world: World, choose: Random, name: string): Promise<string> {
  const { service } = world.pagamento
  const said = `${name} is paid at the shop`
  if (!service.isUp) return `${said}: closed`
  mayBeCutOff(world, choose, 'pagamento-service')
  return await service
    .unitOfWork((tx, send) => payHere(tx, send, name, 'pix', world.money.provider, service.clock.now()))
    .then(() => said)
    .catch(failed(said))
}

/** The provider tells of transfers: some, again, and some of them with fewer facts. */
export async function tellOfTransfers(world: World, choose: Random): Promise<string> {
  const { money, pagamento } = world
  const known = [...money.transfers.values()]
  if (known.length === 0 || !pagamento.service.isUp) return 'no transfer to tell of'
  const some = Array.from({ length: 1 + choose.int(2) }, () => choose.pick(known))
  mayBeCutOff(world, choose, 'pagamento-service')
  return await tell(world, some)
}

export function tell({ money, pagamento }: World, transfers: readonly Transfer[]): Promise<string> {
  const { service } = pagamento
  const said = `${transfers.map(({ end_to_end_id }) => end_to_end_id).join(', ')} told`
  return service
    .unitOfWork((tx, send) => takeReceipts(tx, send, transfers, service.clock.now()))
    .then(() => {
      for (const { end_to_end_id } of transfers) money.told.add(end_to_end_id)
      return said
    })
    .catch(failed(said))
}

/** The provider says that a buyer will not pay. */
export async function tellOfCancellation(world: World, choose: Random): Promise<string> {
  const { service } = world.pagamento
  const charge = anyOf([...service.database.rows(codes).values()], choose)
  if (!charge || charge.txid || !service.isUp) return 'no payment is cancelled'
  await service.unitOfWork(async (tx, send) => {
    const [before] = await lockChargesNamed(tx, [charge.code])
    if (before) await decideCharge(tx, send, before, cancelled, paymentReply, service.clock.now())
  })
  return `the payment of ${charge.transaction_id} is cancelled`
}

export const trouble: Happening = ({ money }, choose) => {
  money.trouble = choose.pick(['fault', 'unheard', 'under way'] as const)
  return `the provider is in trouble: ${money.trouble}`
}

export const passTime: Happening = ({ clock }, choose) => {
  clock.now += choose.pick([10, 1_000, 10_000, 61_000])
  return 'time passes'
}

/** Time passes to the next due moment, and everything due is done. */
export async function passToNextMoment(world: World, choose?: Random): Promise<string> {
  world.clock.now = Math.max(world.clock.now, nextMoment(world) ?? 0)
  const said = [
    await lookAtCodes(world, choose),
    await lookAtDeadlines(world, choose),
    await runDueErrands(world, choose),
  ]
  return `time passes to the next moment: ${said.join(', ')}`
}

export async function lookAtDeadlines(world: World, choose?: Random): Promise<string> {
  const { service, runner } = world.orquestrador
  if (!service.isUp) return 'nobody looks at deadlines'
  if (choose) mayBeCutOff(world, choose, 'orquestrador')
  return await passDeadlines(service.database, runner(), service.clock)
    .then(() => 'deadlines are looked at')
    .catch(failed('deadlines are looked at'))
}

export async function lookAtCodes(world: World, choose?: Random): Promise<string> {
  const { service } = world.pagamento
  if (!service.isUp) return 'nobody looks at codes'
  if (choose) mayBeCutOff(world, choose, 'pagamento-service')
  return await expireCodes(service.database, service.unitOfWork, service.clock)
    .then(() => 'codes are looked at')
    .catch(failed('codes are looked at'))
}

export async function runDueErrands(world: World, choose?: Random): Promise<string> {
  const { service, errands } = world.pagamento
  if (!service.isUp) return 'nobody runs errands'
  if (choose) mayBeCutOff(world, choose, 'pagamento-service')
  return await runErrands(errands)
    .then((count) => `${count} errands`)
    .catch(failed('errands'))
}

/** Staff edit, withdraw, relist or sell a vehicle by hand. */
export async function workOnVehicle(world: World, choose: Random): Promise<string> {
  const { service, sell } = world.veiculo
  if (!service.isUp) return 'no staff at work'
  const { id } = choose.pick([...service.database.rows(vehicles).values()])
  const what = choose.pick(['withdraw', 'relist', 'relist', 'reprice', 'sell'] as const)
  const said = `staff ${what} vehicle ${id}`
  if (what === 'sell') {
    if (!choose.chance(10)) return 'staff think about a sale'
    const sold = await sell({ vehicle_id: id, transaction_id: null }).catch(failed('the sale'))
    return `${said}: ${typeof sold === 'string' ? sold : 'sold'}`
  }
  const reprice = (one: Vehicle, now: Date) => amend(one, { price_cents: 9_100 }, now)
  const change: (one: Vehicle, now: Date) => Vehicle | string = { withdraw, relist, reprice }[what]
  const rows = service.database.rows(vehicles)
  const after = change(rows.get(id) as Vehicle, service.clock.now())
  if (typeof after === 'string') return `${said}: ${after}`
  rows.set(id, after)
  return said
}

export const workOnCustomer: Happening = (world, choose) => {
  const rows = world.cliente.database.rows(customers)
  const account = choose.pick([...rows.values()])
  const status = account.status === 'active' && choose.chance(40) ? 'blocked' : 'active'
  rows.set(account.id, { ...account, status })
  return `customer ${account.id} is ${status}`
}

/** Now and then the next transaction of a service loses its connection. */
export function mayBeCutOff(world: World, choose: Random, name: string): void {
  if (!choose.chance(12)) return
  const service = world.services.find((one) => one.name === name)
  service?.cutOffAt(choose.pick(['before the commit', 'after the commit', 1, 2] as const))
}

const anyPurchase = ({ orquestrador }: World, choose: Random): string | undefined =>
  anyOf([...orquestrador.service.database.rows(sagas).keys()], choose)?.toString()

const anyOf = <T>(all: readonly T[], choose: Random): T | undefined => (all.length > 0 ? choose.pick(all) : undefined)
