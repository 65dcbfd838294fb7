/** The rules for every committed change of a record: checked as it happens, reported after the step. */
import { type Message, paymentRefunded } from '#contracts'
import { isFinal } from '#saga'
import type { OutboxRow } from '../../messaging/outbox/outbox.ts'
import { codes, payments } from './memory-charge-store.ts'
import { vehicleReturns } from './memory-coming-back-store.ts'
import { creditHolds, customers } from './memory-credit-store.ts'
import { outbox } from './memory-outbox.ts'
import { reservations, vehicles } from './memory-reservation-store.ts'
import { history, sagas } from './memory-saga-store.ts'
import type { World } from './world.ts'

/**
 * The allowed changes of a record: an end is final, a sale is for good, every change of a vehicle and of a saga is counted. Call the
 * result after each step. It compares the messages of the step with the records.
 */
export function watchChanges(world: World, findings: string[]): () => void {
  const { cliente, veiculo, pagamento, orquestrador } = world
  const ended = new Map<string, string>()
  const checked = [creditHolds, reservations, codes, payments, vehicleReturns].map(({ name }) => name)
  const onStatus = (name: string, key: string | number, before: object | undefined, after: object | undefined) => {
    if (!checked.includes(name) || !before) return
    const from = statusOf(before)
    const to = statusOf(after)
    if (from !== to && !NEXT[from]?.includes(to)) findings.push(`${name} ${key} was ${from}, and is ${to}`)
  }
  cliente.database.onChange = ({ name }, key, before, after) => {
    onStatus(name, key, before, after)
    const hold = name === creditHolds.name ? cliente.database.rows(creditHolds).get(key) : undefined
    const customer = cliente.database.rows(customers).get(hold?.customer_id ?? 0)
    if (!before && hold?.status === 'held' && customer?.status !== 'active')
      findings.push(`${key} is held for customer ${customer?.id}, who is ${customer?.status}`)
  }

  const refunds: Message[] = []
  pagamento.service.database.onChange = ({ name }, key, before, after) => {
    onStatus(name, key, before, after)
    if (name === outbox.name && !before) refunds.push(...refundsIn(after as OutboxRow | undefined))
    const payment = name === payments.name && !before ? pagamento.service.database.rows(payments).get(key) : undefined
    if (payment?.status !== 'completed' || payment.end_to_end_id !== null) return
    const code = pagamento.service.database.rows(codes).get(key)
    // a counter code does not expire while it holds money
    if (code && code.payment_type !== 'counter' && payment.processed_at >= code.expires_at)
      findings.push(`${key} was paid at the shop after its time`)
  }

  veiculo.service.database.onChange = ({ name }, key, before, after) => {
    onStatus(name, key, before, after)
    const made =
      name === reservations.name && !before ? veiculo.service.database.rows(reservations).get(key) : undefined
    if (made?.status === 'reserved') {
      const price = veiculo.service.database.rows(vehicles).get(made.vehicle_id)?.price_cents
      const shown = orquestrador.service.database.rows(sagas).get(key)?.data.amount_cents
      if (price !== shown) findings.push(`${key} was shown ${shown}, and has reserved for ${price}`)
    }
    if (name !== vehicles.name) return
    const [was, is] = [before, after] as [Record<string, unknown>, Record<string, unknown>]
    if (is.revision !== Number(was.revision) + 1)
      findings.push(`vehicle ${key} changes, and its revision is not one on`)
    const isSame = was.sold_to_transaction === is.sold_to_transaction && was.pickup_code === is.pickup_code
    const isSold = was.status === 'sold' || was.status === 'picked_up'
    if (isSold && !isSame && whyNotBack(world, was))
      findings.push(`vehicle ${key} was sold to ${was.sold_to_transaction}: ${whyNotBack(world, was)}`)
    if (is.status === 'sold' && is.sold_to_transaction) {
      const why = whyNotSold(world, String(is.sold_to_transaction))
      if (why) findings.push(`vehicle ${key} is sold to ${is.sold_to_transaction}, ${why}`)
    }
  }

  orquestrador.service.database.onChange = ({ name }, key) => {
    if (name !== sagas.name) return
    const saga = orquestrador.service.database.rows(sagas).get(key)
    const before = ended.get(String(key))
    if (before && !world.redone.has(String(key))) findings.push(`${key} had ended as ${before}, and went on`)
    if (before && saga && isFinal(saga) && endOf(before) !== endOf(saga.status))
      findings.push(`${key} had ended as ${before}, and ends as ${saga.status}`)
    if (saga && isFinal(saga)) ended.set(String(key), saga.status)
    const line = [...orquestrador.service.database.rows(history).values()].findLast((one) => one.transaction_id === key)
    const isTold = line?.step === saga?.step && line?.status === saga?.status && line?.attempt === saga?.attempt
    if (!isTold) findings.push(`${key} is at ${saga?.step}, and its history does not say so`)
  }

  return () => {
    for (const told of refunds.splice(0)) {
      const why = whyNotRefunded(world, told)
      if (why) findings.push(`${told.transaction_id} was told to be refunded, and ${why}`)
    }
  }
}

const refundsIn = (row: OutboxRow | undefined) =>
  (row?.messages ?? []).filter(({ type }) => type === paymentRefunded.topic)

/** If a message says that money is back, it is back; if it says that a code is void, nobody can pay it any more. */
function whyNotRefunded({ pagamento }: World, { transaction_id, body }: Message): string | undefined {
  const { database } = pagamento.service
  if (database.rows(codes).get(transaction_id)?.status === 'pending') return 'its code can still be paid'
  const isBack = database.rows(payments).get(transaction_id)?.status === 'refunded'
  return (body as { refunded_cents: number }).refunded_cents > 0 && !isBack ? 'its money is still here' : undefined
}

/** A purchase may be undone again only if it had something to undo. */
const endOf = (status: string) => (status === 'FAILED_COMPENSATED' ? 'FAILED' : status)

const NEXT: Readonly<Record<string, readonly string[]>> = {
  ...{ held: ['released', 'returned', 'taken_back'], refused: [], returned: [], taken_back: [] },
  ...{ reserved: ['sold', 'released'], sold: ['returned'], released: [] },
  ...{ pending: ['used', 'expired', 'voided', 'failed'], used: [], expired: [], voided: [], failed: [] },
  ...{ completed: ['refunded'], refunded: [] },
}

const statusOf = (row: object | undefined): string => (row && 'status' in row ? String(row.status) : 'gone')

/** A vehicle leaves its buyer only by a return that has received it, and has it give the money back first. */
function whyNotBack({ orquestrador }: World, was: Record<string, unknown>): string | undefined {
  const saga = orquestrador.service.database.rows(sagas).get(String(was.return_id))
  if (!saga) return 'no return is known'
  return saga.step === 'VEHICLE_RETURN' || saga.status === 'COMPLETED' ? undefined : `its return is at ${saga.step}`
}

/** A vehicle is sold only to a purchase that has paid, holds what it pays with, and can't turn back. */
function whyNotSold({ cliente, pagamento, orquestrador }: World, buyer: string): string | undefined {
  const saga = orquestrador.service.database.rows(sagas).get(buyer)
  const payment = pagamento.service.database.rows(payments).get(buyer)
  if (payment?.status !== 'completed') return 'who has not paid'
  if (payment.refund_due_at) return 'whose money goes back'
  if (cliente.database.rows(creditHolds).get(buyer)?.status !== 'held') return 'who holds nothing'
  const isForGood = saga?.status === 'COMPLETED' || (saga?.step === 'MARK_VEHICLE_AS_SOLD' && !saga.unwinding)
  return isForGood ? undefined : 'who may still turn back'
}
