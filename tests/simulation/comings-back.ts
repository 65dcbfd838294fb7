/** Acts of people on returns: they ask for one, call it off, receive the vehicle; operators try forbidden acts. */
import { Problem } from '#platform/problem'
import type { Saga } from '#saga'
import { beginReturn } from '../../services/orquestrador/returns/begin-return.ts'
import { handOver } from '../../services/veiculo-service/domain/pickup.ts'
import type { Vehicle } from '../../services/veiculo-service/domain/vehicle.ts'
import { failed, type Happening, mayBeCutOff, passToNextMoment } from './happenings.ts'
import { vehicles } from './memory-reservation-store.ts'
import { purchaseReturns, recordReceived } from './memory-return-store.ts'
import { sagas } from './memory-saga-store.ts'
import type { World } from './world.ts'

/** How long a return waits for its vehicle here. */
const WAIT = 300_000

export const askReturn: Happening = async (world, choose) => {
  const { service, runner } = world.orquestrador
  const bought = sagasWhere(world, ({ definition, status }) => definition === 'purchase' && status === 'COMPLETED')
  if (bought.length === 0 || !service.isUp) return 'nothing to return'
  const purchase = choose.pick(bought)
  const said = `${purchase.transaction_id} is to be returned`
  mayBeCutOff(world, choose, 'orquestrador')
  const parts = { runner: runner(), clock: service.clock, ids: { uuid: world.nextId }, waitForMs: WAIT }
  return await beginReturn(parts, purchase, purchase.transaction_id, { asked_by: 'customer', reason: null })
    .then(({ saga }) => `${said} by ${saga.transaction_id}`)
    .catch((error: unknown) => (error instanceof Problem ? `${said}: refused` : failed(said)(error)))
}

export const receiveVehicle: Happening = async (world, choose) => {
  const { service, runner } = world.orquestrador
  const waiting = sagasWhere(world, ({ step }) => step === 'RETURN_RECEIPT')
  if (waiting.length === 0 || !service.isUp) return 'nobody brings a vehicle back'
  const { transaction_id } = choose.pick(waiting)
  const said = `the vehicle of ${transaction_id} is received`
  const received_at = service.clock.now()
  const facts = { received_at: received_at.toISOString(), mileage_km: 32_000 }
  const seen = { received_at, received_by: 'staff', mileage_km: 32_000, notes: null }
  mayBeCutOff(world, choose, 'orquestrador')
  return await runner()
    .apply(transaction_id, { kind: 'happened', step: 'RETURN_RECEIPT', facts, by: 'staff' }, undefined, {
      kind: 'return',
      alongside: (tx) => recordReceived(tx, transaction_id, seen),
    })
    .then((outcome) => (outcome?.refusal ? `${said}: ${outcome.refusal}` : said))
    .catch(failed(said))
}

export const callReturnOff: Happening = async (world, choose) => {
  const { service, runner } = world.orquestrador
  const known = sagasWhere(world, ({ definition }) => definition === 'return')
  if (known.length === 0 || !service.isUp) return 'nobody calls a return off'
  const { transaction_id } = choose.pick(known)
  const said = `${transaction_id} is called off`
  return await runner()
    .apply(transaction_id, { kind: 'cancel', reason: 'called off' }, undefined, { kind: 'return' })
    .then((outcome) => {
      if (outcome && !outcome.refusal) world.cancelled.add(transaction_id)
      return outcome?.refusal ? `${said}: ${outcome.refusal}` : said
    })
    .catch(failed(said))
}

/** Forbidden for operators: to redo a purchase that has a return. */
export const redoReturned: Happening = async (world, choose) => {
  const { service, runner } = world.orquestrador
  const live = [...service.database.rows(purchaseReturns).values()].filter(({ status }) => status !== 'cancelled')
  if (live.length === 0 || !service.isUp) return 'nothing to redo'
  const { purchase_id } = choose.pick(live)
  const kind = choose.pick(['redo', 'give_up', 'resume'] as const)
  const said = `an operator would ${kind} ${purchase_id}`
  const outcome = await runner().apply(purchase_id, { kind, by: 'admin', reason: 'to be sure' }).catch(failed(said))
  if (typeof outcome === 'string') return outcome
  if (outcome?.refusal !== 'taken_over') throw new Error(`${purchase_id} has a return, and an operator may ${kind} it`)
  return `${said}: refused`
}

/** Past the pivot of a return, an operator settles a step by hand that nobody answers. */
export const giveStepUp: Happening = async (world, choose) => {
  const { service, runner } = world.orquestrador
  const stuck = sagasWhere(
    world,
    ({ definition, status }) => definition === 'return' && status === 'FAILED_REQUIRES_MANUAL_INTERVENTION',
  )
  if (stuck.length === 0 || !service.isUp) return 'nothing to give up'
  const { transaction_id, step } = choose.pick(stuck)
  const said = `an operator gives ${step} of ${transaction_id} up`
  return await runner()
    .apply(transaction_id, { kind: 'give_up', by: 'admin', reason: 'by hand' })
    .then(() => said)
    .catch(failed(said))
}

/** A buyer shows the code. A vehicle that is being returned stays where it is. */
export const pickUp: Happening = ({ veiculo }, choose) => {
  const { service } = veiculo
  const rows = service.database.rows(vehicles)
  const sold = [...rows.values()].filter(({ status, sold_to_transaction }) => status === 'sold' && sold_to_transaction)
  if (sold.length === 0 || !service.isUp) return 'nobody comes for a vehicle'
  const vehicle = choose.pick(sold)
  const counter = { ...vehicle, pickup_failures: 0, pickup_locked_until: null }
  const shown = { pickup_print: vehicle.pickup_print ?? '', received_by: 'Ana Souza' }
  const after = handOver(counter, undefined, shown, service.clock.now())
  if (typeof after === 'string') {
    if (after !== 'vehicle_being_returned') throw new Error(`vehicle ${vehicle.id} is not handed over: ${after}`)
    return `vehicle ${vehicle.id} is not handed over: it comes back`
  }
  if (!('status' in after)) throw new Error(`the code of vehicle ${vehicle.id} opens no door`)
  const { pickup_failures, pickup_locked_until, ...handed } = after
  rows.set(vehicle.id, handed as Vehicle)
  return `vehicle ${vehicle.id} is handed over`
}

const sagasWhere = ({ orquestrador }: World, isWanted: (saga: Saga) => boolean) =>
  [...orquestrador.service.database.rows(sagas).values()].filter(isWanted)

/** The services that answer a return behind its pivot can't be reached for a while: few purchases come so far by chance. */
export const silenceReturn: Happening = async (world, choose) => {
  const isGoing = ({ definition, deadline }: Saga) => definition === 'return' && deadline !== null
  const going = sagasWhere(world, isGoing)
  if (going.length === 0) return 'nobody to be silent'
  const { step } = choose.pick(going)
  const line = LINES[step.replace('CANCELLATION_', '')] ?? choose.pick(Object.values(LINES))
  world.network.cut.add(line)
  const isBehind = going.some(({ step }) => step !== 'RETURN_RECEIPT' && step !== 'HOLD_FOR_RETURN')
  if (isBehind && choose.chance(60)) for (let wait = 0; wait < 8; wait += 1) await passToNextMoment(world)
  return `the line of ${line} is cut`
}

const LINES: Readonly<Record<string, string>> = {
  CREDIT_RETURN: 'cliente-service-return-credit-sub',
  PAYMENT_RETURN: 'pagamento-service-return-payment-sub',
  VEHICLE_RETURN: 'veiculo-service-take-back-vehicle-sub',
  RETURN_HOLD_RELEASE: 'veiculo-service-release-from-return-sub',
}
