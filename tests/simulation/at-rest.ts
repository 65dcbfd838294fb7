/** The rules once nothing is left to do: every purchase has ended, and ended whole; no money is left elsewhere. */
import { PAID_OUTSIDE } from '#contracts'
import { givenUpOf, isFinal } from '#saga'
import type { CreditHold } from '../../services/cliente-service/domain/credit-hold.ts'
import type { StoredSaga } from '../../services/orquestrador/runner/saga-store.ts'
import type { Payment } from '../../services/pagamento-service/domain/charge.ts'
import { keepsParts } from './counter.ts'
import { isLive } from './invariants.ts'
import { codes, payments } from './memory-charge-store.ts'
import { abatements, vehicleReturns } from './memory-coming-back-store.ts'
import { creditHolds } from './memory-credit-store.ts'
import { deadLetters } from './memory-dead-letters.ts'
import { outbox } from './memory-outbox.ts'
import { owedItems } from './memory-owed-store.ts'
import { reservations, vehicles } from './memory-reservation-store.ts'
import { purchaseReturns } from './memory-return-store.ts'
import { sagas } from './memory-saga-store.ts'
import type { World } from './world.ts'

const ENDINGS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  purchase: {
    COMPLETED: 'events.purchase.completed',
    FAILED: 'events.purchase.failed',
    FAILED_COMPENSATED: 'events.purchase.failed',
    CANCELLED: 'events.purchase.cancelled',
  },
  return: {
    COMPLETED: 'events.purchase.returned',
    FAILED: 'events.purchase.return_failed',
    FAILED_COMPENSATED: 'events.purchase.return_failed',
    CANCELLED: 'events.purchase.return_cancelled',
  },
}

/** Throws the first violation. */
export function checkAtRest(world: World): void {
  const { services, orquestrador, network, cliente, veiculo, pagamento, accepted } = world
  for (const { name, database } of services) {
    if (database.rows(outbox).size > 0) throw new Error(`the outbox of ${name} is not empty`)
    if (database.locks.size > 0) throw new Error(`${name} keeps locks`)
    for (const { status, message } of database.rows(deadLetters).values())
      if (status === 'waiting') throw new Error(`${message.type} lies among the dead letters of ${name}`)
  }
  checkHandled(world)
  if (network.calls.length + network.answers.length > 0) throw new Error('a call is still under way')
  const known = orquestrador.service.database.rows(sagas)
  for (const id of accepted.keys()) if (!known.has(id)) throw new Error(`${id} was accepted, and is lost`)
  for (const saga of known.values()) checkEnded(world, saga)
  for (const id of world.cancelled)
    if (known.get(id)?.status !== 'CANCELLED') throw new Error(`${id} was given up, and is ${known.get(id)?.status}`)
  const records = [cliente.database.rows(creditHolds), veiculo.service.database.rows(reservations)]
  const returns = [veiculo.service.database.rows(vehicleReturns), orquestrador.service.database.rows(purchaseReturns)]
  for (const rows of [...records, ...returns, pagamento.service.database.rows(codes)])
    for (const id of rows.keys()) if (!known.has(String(id))) throw new Error(`there is a record of ${id}, and no saga`)
  checkTransfers(world)
}

/** Deadlines hide lost messages, so this checks it: every message was handled, or an operator has given it up. */
function checkHandled({ network, services }: World): void {
  const letters = services.flatMap(({ database }) => [...database.rows(deadLetters).values()])
  for (const [name, { type, transaction_id }] of network.unhandled) {
    const letter = letters.find((one) => `${one.subscription} ${one.message.message_id}` === name)
    if (letter?.status !== 'discarded') throw new Error(`${type} of ${transaction_id} was sent, and never handled`)
  }
}

function checkEnded(world: World, saga: StoredSaga): void {
  const { transaction_id, definition, status, deadline } = saga
  const wrong = (what: string) => new Error(`${transaction_id} is ${status}, but ${what}`)
  if (!isFinal(saga) || deadline) throw wrong('nothing is left to do')
  const possible = ENDINGS[definition] ?? {}
  const told = [...(world.network.endings.get(transaction_id)?.values() ?? [])]
  const endings = told.filter((topic) => Object.values(possible).includes(topic))
  const isToldAgain = world.redone.has(transaction_id) && endings.every((one) => one === endings[0])
  if ((endings.length !== 1 && !isToldAgain) || endings[0] !== possible[status])
    throw wrong(`it was told to have ended by ${endings.join(', ')}`)
  if (definition === 'return') checkReturn(world, saga, wrong)
  else checkPurchase(world, saga, wrong)
}

type Wrong = (what: string) => Error

const recordsOf = ({ cliente, veiculo, pagamento }: World, transaction_id: string) => ({
  hold: cliente.database.rows(creditHolds).get(transaction_id),
  reservation: veiculo.service.database.rows(reservations).get(transaction_id),
  code: pagamento.service.database.rows(codes).get(transaction_id),
  payment: pagamento.service.database.rows(payments).get(transaction_id),
})

/** A return that was called off leaves nothing. After a completed one, the purchase has nothing, except for given-up steps. */
function checkReturn(world: World, saga: StoredSaga, wrong: Wrong): void {
  const { transaction_id, status, data } = saga
  const held = world.veiculo.service.database.rows(vehicleReturns).get(transaction_id)
  const own = world.orquestrador.service.database.rows(purchaseReturns).get(transaction_id)
  const isDone = status === 'COMPLETED'
  if (own?.status !== (isDone ? 'completed' : 'cancelled')) throw wrong(`its own record is ${own?.status}`)
  const givenUp = givenUpOf(saga).map(({ step }) => step)
  if (!isDone) {
    const isHeld = held?.status === 'held' || held?.status === 'taken_back'
    const mayBe = ['RETURN_HOLD_RELEASE', 'CANCELLATION_RETURN_HOLD_RELEASE'].some((step) => givenUp.includes(step))
    if (isHeld && !mayBe) throw wrong(`its vehicle is ${held.status}`)
    return
  }
  const { hold, reservation, payment } = recordsOf(world, String(data.purchase_id))
  checkAbated(world, saga, { hold, payment }, wrong)
  if (hold?.status !== 'returned' && !givenUp.includes('CREDIT_RETURN')) throw wrong(`the hold is ${hold?.status}`)
  if (reservation?.status !== 'returned' && !givenUp.includes('VEHICLE_RETURN'))
    throw wrong(`the reservation is ${reservation?.status}`)
  const owed = [...world.pagamento.service.database.rows(owedItems).values()].filter(
    (one) => one.return_id === transaction_id && one.status === 'open',
  )
  const isOwed = owed.some(({ source }) => source === `payment ${payment?.id}`)
  if ((payment?.status === 'refunded') === isOwed) throw wrong(`the payment is ${payment?.status}, owed: ${isOwed}`)
  const isCreditOwed = owed.some(({ source }) => source.startsWith('CREDIT_RETURN'))
  if (isCreditOwed !== (givenUp.includes('CREDIT_RETURN') && !PAID_OUTSIDE.includes(data.payment_type)))
    throw wrong('what was given up is not owed')
}

/** What warranty claims took off the price is given back once, as an owed item of its own: the return gives the rest. */
function checkAbated(
  { veiculo, pagamento }: World,
  { transaction_id, data }: StoredSaga,
  { hold, payment }: { hold?: CreditHold | undefined; payment?: Payment | undefined },
  wrong: Wrong,
): void {
  const purchase_id = String(data.purchase_id)
  const claims = [...veiculo.service.database.rows(abatements).values()].filter(
    (one) => one.purchase_id === purchase_id,
  )
  const abated = claims.reduce((sum, { abated_cents }) => sum + abated_cents, 0)
  const held = veiculo.service.database.rows(vehicleReturns).get(transaction_id)
  if (held?.abated_cents !== abated) throw wrong(`${abated} were taken off, and its hold says ${held?.abated_cents}`)
  const isOutside = PAID_OUTSIDE.includes(data.payment_type)
  if (hold?.status === 'returned' && hold.reason === null && hold.abated_cents !== (isOutside ? 0 : abated))
    throw wrong(`${abated} were taken off, and its customer's account says ${hold.abated_cents}`)
  if (payment?.return_id && payment.abated_cents !== abated)
    throw wrong(`${abated} were taken off, and its payment says ${payment.abated_cents}`)
  const owed = pagamento.service.database.rows(owedItems)
  for (const { claim_id, abated_cents } of claims)
    if (owed.get(`warranty claim ${claim_id}`)?.amount_cents !== abated_cents)
      throw wrong(`${abated_cents} of claim ${claim_id} are owed to nobody`)
}

function checkPurchase(world: World, saga: StoredSaga, wrong: Wrong): void {
  const { transaction_id, status, data } = saga
  const { hold, reservation, code, payment } = recordsOf(world, transaction_id)
  const returns = [...world.orquestrador.service.database.rows(purchaseReturns).values()]
  if (returns.some((one) => one.purchase_id === transaction_id && one.status === 'completed')) return
  if (status !== 'COMPLETED') {
    if (hold?.status === 'held') throw wrong('its hold still stands')
    if (reservation && isLive(reservation)) throw wrong('its vehicle is not given back')
    if (code?.status === 'pending') throw wrong('its code can still be paid')
    if (payment?.status === 'completed') throw wrong('its payment is not given back')
    if (keepsParts(world, transaction_id)) throw wrong('its parts are not given back')
    return
  }
  if (hold?.status !== 'held') throw wrong(`its hold is ${hold?.status}`)
  if (hold.amount_cents !== data.amount_cents) throw wrong('it holds another amount')
  if (reservation?.status !== 'sold') throw wrong(`its reservation is ${reservation?.status}`)
  if (payment?.status !== 'completed') throw wrong(`its payment is ${payment?.status}`)
  if (payment.amount_cents !== data.amount_cents) throw wrong('another amount is paid')
  if (data.payment_id !== payment.id) throw wrong('it names another payment')
  const sold = world.veiculo.service.database.rows(vehicles).get(reservation.vehicle_id)
  if (sold?.status === 'picked_up') return // its code is gone
  if (!sold?.pickup_code || saga.pickup_code !== sold.pickup_code) throw wrong('its pickup code opens no door')
}

/** Each transfer is the payment of a purchase that was completed, or was given back to the cent. */
function checkTransfers({ money, pagamento, orquestrador }: World): void {
  const { database } = pagamento.service
  for (const [txid, { status }] of money.charges)
    if (status === 'open') throw new Error(`${txid} can still be paid at the provider`)
  for (const { end_to_end_id, amount_cents } of money.transfers.values()) {
    const back = [...money.givenBack.values()].filter((one) => one.end_to_end_id === end_to_end_id)
    const given = back.reduce((sum, one) => sum + one.amount_cents, 0)
    const payment = [...database.rows(payments).values()].find((one) => one.end_to_end_id === end_to_end_id)
    const saga = payment && orquestrador.service.database.rows(sagas).get(payment.transaction_id)
    // a refund that was decided here and now is no transfer of its own
    const kept = payment?.status === 'completed' && saga?.status === 'COMPLETED' ? amount_cents : 0
    const decided = payment ? (money.returned.get(payment.transaction_id) ?? 0) * amount_cents : 0
    // what a warranty had given back by hand does not go back again
    const abated = given > 0 ? (payment?.abated_cents ?? 0) : 0
    if (given + abated + kept + decided !== amount_cents)
      throw new Error(`${end_to_end_id} brought ${amount_cents}: ${kept} are kept and ${given + decided} given back`)
  }
}
