/** The audit's judgement, pure: compares the records of one purchase, one account or waiting messages with the rules that must hold. */
import type { Static } from 'typebox'
import {
  type AccountRecord,
  type ChargeRecord,
  type HoldRecord,
  PAID_OUTSIDE,
  type PurchaseRecord,
  type ReservationRecord,
  type WaitingMessages,
} from '#contracts'
import type { Records } from '../records/records.ts'
import { type Finding, type FindingKind, finding } from './findings.ts'

/** How late a deadline (milliseconds) and a message (seconds) may be before it is a finding. */
const LATE_MS = 300_000
const OUTBOX_LATE_SECONDS = 300

/** A finding is about the purchase that is compared, unless it names its return. */
type Find = (kind: FindingKind, facts?: string, subject?: string) => void

export function comparePurchase(transaction_id: string, records: Records, now: Date): Finding[] {
  const found: Finding[] = []
  const find: Find = (kind, facts, subject = transaction_id) => void found.push(finding(kind, subject, facts))
  const { purchase, hold, reservation, charge } = records
  const isReturnKnown = purchase?.return || !reservation?.return
  if (!isReturnKnown)
    find('return_without_saga', `${reservation?.return?.status} for ${reservation?.return?.return_id}`)
  if (purchase) {
    if (purchase.return) {
      compareReturn(purchase.return, records, now, find)
      compareAbated(purchase, records, find)
    } else if (isReturnKnown) compareOutcome(purchase, records, now, find)
    for (const [service, record] of Object.entries({ hold, reservation, charge }))
      for (const fact of differences(purchase, record ?? {})) find('records_disagree', `${service} ${fact}`)
  } else {
    if (hold?.status === 'held') find('hold_without_purchase', `${hold.payment_type}, ${hold.amount.toFixed(2)}`)
    if (hasVehicle(reservation)) find('reservation_without_purchase', `vehicle ${reservation?.vehicle_id}`)
    if (charge && (charge.code_status === 'pending' || keepsMoney(charge)))
      find('charge_without_purchase', `code ${charge.code_status}, payment ${charge.payment_status ?? 'none'}`)
  }
  if (hold && hold.moved !== movedBy(hold))
    find('ledger_disagrees', `${hold.status}, ${hold.moved.toFixed(2)} moved, not ${movedBy(hold).toFixed(2)}`)
  if (charge?.parts_disagree) find('parts_disagree', charge.parts_disagree)
  if (reservation && !fitsVehicle(reservation))
    find('vehicle_disagrees', `reservation ${reservation.status}, vehicle ${reservation.vehicle_status ?? 'unknown'}`)
  return found
}

function compareOutcome(
  { status, current_step, deadline, given_up, updated_at }: PurchaseRecord,
  { hold, reservation, charge }: Records,
  now: Date,
  find: Find,
): void {
  const isGivenUp = (undo: string) => given_up.some((step) => step === undo || step === `CANCELLATION_${undo}`)
  switch (status) {
    case 'COMPLETED':
      if (hold?.status !== 'held') find('hold_missing', `hold ${hold?.status ?? 'none'}`)
      if (reservation?.status !== 'sold') find('sale_missing', `reservation ${reservation?.status ?? 'none'}`)
      if (charge?.code_status !== 'used' || !keepsMoney(charge))
        find('payment_missing', `code ${charge?.code_status ?? 'none'}, payment ${charge?.payment_status ?? 'none'}`)
      return
    case 'FAILED':
    case 'FAILED_COMPENSATED':
    case 'CANCELLED':
      if (hold?.status === 'held' && !isGivenUp('CREDIT_RELEASE')) find('hold_not_released', status)
      if (hasVehicle(reservation) && !isGivenUp('VEHICLE_RELEASE')) find('vehicle_not_released', status)
      if (charge && !isGivenUp('PAYMENT_REFUND')) {
        if (charge.code_status === 'pending') find('code_still_open', status)
        if (keepsMoney(charge)) find('payment_not_returned', status)
      }
      return
    case 'FAILED_REQUIRES_MANUAL_INTERVENTION':
      find('purchase_needs_operator', `at ${current_step}`)
      return
    default:
      if (deadline === null || isLate(deadline, now))
        find('purchase_overdue', `${status} at ${current_step}, due ${deadline ?? 'never'}`)
      if (current_step === 'PAYMENT_PROCESSING' && charge && charge.code_status !== 'pending')
        if (isLate(updated_at, now) && isLate(charge.updated_at, now))
          find('purchase_behind', `code ${charge.code_status}, payment ${charge.payment_status ?? 'none'}`)
  }
}

/** Until the vehicle is back, the purchase stays completed; after that, all of it is taken back. */
function compareReturn(
  { return_id, status, current_step, deadline, given_up, received }: NonNullable<PurchaseRecord['return']>,
  { hold, reservation, charge }: Records,
  now: Date,
  find: Find,
): void {
  const isGivenUp = (step: string) => given_up.includes(step)
  if (status === 'COMPLETED') {
    if (hold?.status !== 'returned' && !isGivenUp('CREDIT_RETURN'))
      find('hold_not_returned', `hold ${hold?.status ?? 'none'}`, return_id)
    if ((charge?.code_status === 'pending' || !charge || keepsMoney(charge)) && !isGivenUp('PAYMENT_RETURN'))
      find(
        'payment_not_refunded',
        `code ${charge?.code_status ?? 'none'}, payment ${charge?.payment_status ?? 'none'}`,
        return_id,
      )
    if ((reservation?.status !== 'returned' || isHeldFor(reservation)) && !isGivenUp('VEHICLE_RETURN'))
      find('vehicle_not_taken_back', `reservation ${reservation?.status ?? 'none'}`, return_id)
    return
  }
  if (status === 'FAILED_REQUIRES_MANUAL_INTERVENTION') find('purchase_needs_operator', `at ${current_step}`, return_id)
  else if (deadline === null || isLate(deadline, now))
    find('purchase_overdue', `${status} at ${current_step}, due ${deadline ?? 'never'}`, return_id)
  if (received) return
  if (hold?.status !== 'held') find('hold_missing', `hold ${hold?.status ?? 'none'}, and its vehicle is not back`)
  if (charge?.code_status !== 'used' || !keepsMoney(charge))
    find('payment_missing', `payment ${charge?.payment_status ?? 'none'}, and its vehicle is not back`)
  if (current_step === 'RETURN_RECEIPT' && reservation?.return?.return_id !== return_id)
    find('vehicle_not_held', `reservation ${reservation?.status ?? 'none'}`, return_id)
}

/** What a warranty had given back before, the return does not give back again: neither account nor payment. */
function compareAbated({ return: back, amount, payment_type }: PurchaseRecord, records: Records, find: Find): void {
  if (back?.status !== 'COMPLETED') return
  const abated = Math.min(records.reservation?.return?.abated ?? 0, amount)
  const { hold, charge } = records
  const ofHold = PAID_OUTSIDE.includes(payment_type) ? 0 : abated
  if (hold?.status === 'returned' && (hold.abated ?? 0) !== ofHold)
    find('abatement_disagrees', `account ${(hold.abated ?? 0).toFixed(2)}, not ${ofHold.toFixed(2)}`, back.return_id)
  if (charge?.payment_status === 'refunded' && (charge.abated ?? 0) !== abated)
    find('abatement_disagrees', `payment ${(charge.abated ?? 0).toFixed(2)}, not ${abated.toFixed(2)}`, back.return_id)
}

const isHeldFor = (reservation: ReservationRecord) => reservation.return?.status === 'held'

const isLate = (due: string, now: Date) => now.getTime() - new Date(due).getTime() > LATE_MS

const hasVehicle = (reservation: ReservationRecord | undefined) =>
  reservation?.status === 'reserved' || reservation?.status === 'sold'

/** A payment that is being refunded is not kept, and neither is one that staff know they owe. */
const keepsMoney = ({ payment_status, refund_under_way, owed }: ChargeRecord) =>
  payment_status === 'completed' && !refund_under_way && owed === 0

function movedBy({ status, payment_type, amount, abated = 0 }: HoldRecord): number {
  if (PAID_OUTSIDE.includes(payment_type)) return 0
  if (status === 'returned') return -abated
  return status === 'held' ? -amount : 0
}

function fitsVehicle({ status, vehicle_status, has_vehicle }: ReservationRecord): boolean {
  if (status === 'reserved') return has_vehicle && vehicle_status === 'reserved'
  if (status === 'sold') return has_vehicle && (vehicle_status === 'sold' || vehicle_status === 'picked_up')
  return !has_vehicle
}

/** The fields that both have, with different values. */
function differences(purchase: PurchaseRecord, record: object): string[] {
  const other = new Map(Object.entries(record))
  return (['customer_id', 'vehicle_id', 'amount', 'payment_type'] as const)
    .filter((field) => other.has(field) && other.get(field) !== purchase[field])
    .map((field) => `${field} ${other.get(field)}, purchase ${purchase[field]}`)
}

export function compareAccount(account: AccountRecord): Finding[] {
  const { account_balance, ledger_balance, available_credit, ledger_credit, used_credit, held_credit } = account
  const pairs = [
    ['balance', account_balance, ledger_balance],
    ['available credit', available_credit, ledger_credit],
    ['used credit', used_credit, held_credit],
  ] as const
  return pairs
    .filter(([, has, should]) => has !== should)
    .map(([name, has, should]) =>
      finding(
        'account_disagrees',
        `customer ${account.customer_id}`,
        `${name} ${has.toFixed(2)}, not ${should.toFixed(2)}`,
      ),
    )
}

export function compareMessages(service: string, { outbox, dead_letters }: Static<typeof WaitingMessages>): Finding[] {
  const waiting = dead_letters.map((one) =>
    finding('dead_letters_wait', service, `${one.waiting} of ${one.subscription}`),
  )
  const { rows, oldest_age_seconds } = outbox
  if (oldest_age_seconds <= OUTBOX_LATE_SECONDS) return waiting
  return [finding('outbox_grows', service, `${rows}, the oldest for ${Math.round(oldest_age_seconds)} s`), ...waiting]
}
