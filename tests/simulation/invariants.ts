/** The rules after every step; at-rest.ts has the rules once nothing is left to do. */
import type { Reservation } from '../../services/veiculo-service/domain/reservation.ts'
import { watchChanges } from './changes.ts'
import { checkParts } from './counter.ts'
import { codes, payments } from './memory-charge-store.ts'
import { creditHolds, customers, ledger } from './memory-credit-store.ts'
import { deadLetters } from './memory-dead-letters.ts'
import { owedItems } from './memory-owed-store.ts'
import { reservations, vehicles } from './memory-reservation-store.ts'
import type { World } from './world.ts'

export interface Watch {
  /** Throws the first violation of the rules for any moment. */
  afterStep(): void
}

export const isLive = ({ status }: Reservation) => status === 'reserved' || status === 'sold'

/** The allowed reasons of dead letters: the schedule wanted them. */
const WANTED = /a broken release|unknown version|garbled|does not fit its contract: \/ /

/** A message that may succeed later is tried this often before it becomes a dead letter. */
const FAILS = /a broken release/
const TRIES = 5

export function watch(world: World): Watch {
  const openings = new Map(
    [...world.cliente.database.rows(customers)].map(([id, { account_balance_cents }]) => [id, account_balance_cents]),
  )
  const findings: string[] = []
  const compareWhatWasSaid = watchChanges(world, findings)
  const holds = world.cliente.database.rows(creditHolds)

  return {
    afterStep() {
      compareWhatWasSaid()
      const [finding] = findings
      if (finding) throw new Error(finding)
      for (const { name, faults, database } of world.services) {
        if (faults.length > 0) throw new Error(`${name} fails: ${faults[0]}`, { cause: faults[0] })
        for (const { reason, message, attempts } of database.rows(deadLetters).values()) {
          if (!WANTED.test(reason)) throw new Error(`${message.type} is parked: ${reason}`)
          if (FAILS.test(reason) && attempts < TRIES)
            throw new Error(`${message.type} is parked after ${attempts} tries`)
        }
      }
      checkAccounts(world, openings)
      checkVehicles(world)
      checkCharges(world)
      for (const { transaction_id, status, reason } of holds.values())
        if (status === 'released' && reason === 'released_before_reserved') checkNothingMoved(world, transaction_id)
    },
  }
}

function checkAccounts({ cliente }: World, openings: ReadonlyMap<string | number, number>): void {
  const { database } = cliente
  for (const account of database.rows(customers).values()) {
    const { id, account_balance_cents: balance, used_credit_cents: used } = account
    let cash = 0
    let credit = 0
    for (const { customer_id, status, payment_type, amount_cents, abated_cents = 0 } of database
      .rows(creditHolds)
      .values()) {
      if (customer_id !== id) continue
      // what a warranty has given back of a returned purchase is missing from the account: it came by hand
      const left = status === 'returned' ? abated_cents : 0
      const missing = status === 'held' ? amount_cents : left
      if (payment_type === 'cash') cash += missing
      if (payment_type === 'credit') credit += missing
    }
    if (balance + cash !== openings.get(id)) throw new Error(`customer ${id}: cash is made or lost`)
    if (used !== credit) throw new Error(`customer ${id}: credit is made or lost`)
    let sum = openings.get(id) ?? 0
    for (const entry of database.rows(ledger).values()) {
      if (entry.customer_id !== id || entry.account !== 'balance') continue
      sum += entry.amount_cents
      if (entry.balance_after_cents !== sum) throw new Error(`customer ${id}: the ledger does not add up`)
    }
    if (sum !== balance) throw new Error(`customer ${id}: the ledger does not tell of all that moved`)
  }
}

function checkNothingMoved({ cliente }: World, transaction_id: string): void {
  if (cliente.database.rows(ledger).has(`${transaction_id} hold`))
    throw new Error(`${transaction_id} was released first, and moved money`)
}

function checkVehicles({ veiculo }: World): void {
  const { database } = veiculo.service
  const holders = new Map<number, string[]>()
  for (const reservation of database.rows(reservations).values()) {
    if (!isLive(reservation)) continue
    const known = holders.get(reservation.vehicle_id)
    if (known) known.push(reservation.transaction_id)
    else holders.set(reservation.vehicle_id, [reservation.transaction_id])
  }
  for (const { id, status, reserved_by, sold_to_transaction } of database.rows(vehicles).values()) {
    const live = holders.get(id) ?? []
    if (live.length > 1) throw new Error(`vehicle ${id} is held by ${live.length} purchases`)
    if ((reserved_by ?? sold_to_transaction) !== (live[0] ?? null))
      throw new Error(`vehicle ${id} is ${status}, and not its holder's`)
  }
}

/** The provider's own count is compared with the records: nothing is taken twice, nor given back that was not taken. */
function checkCharges(world: World): void {
  const { pagamento, money } = world
  const { database } = pagamento.service
  const paid = database.rows(payments)
  for (const { transaction_id, status } of database.rows(codes).values()) {
    const payment = paid.get(transaction_id)
    const isPaid = payment?.status === 'completed' || payment?.status === 'refunded'
    if (status === 'used' && !isPaid) throw new Error(`code of ${transaction_id}: used, and not paid`)
    if (status !== 'used' && payment?.status === 'completed' && !payment.refund_due_at)
      throw new Error(`${transaction_id}: paid too late, and the money stays`)
    const took = money.taken.get(transaction_id) ?? 0
    const returned = money.returned.get(transaction_id) ?? 0
    if (took > 1) throw new Error(`${transaction_id}: its money was taken ${took} times`)
    if (took === 1 && !isPaid) throw new Error(`${transaction_id}: its money was taken, and is on no record`)
    if (returned > 1) throw new Error(`${transaction_id}: its money was given back ${returned} times`)
    if (returned === 1 && payment?.status !== 'refunded')
      throw new Error(`${transaction_id}: its money was given back, and is on no record`)
  }
  for (const { source, status, transaction_id } of database.rows(owedItems).values())
    if (status === 'open' && source === `payment ${paid.get(transaction_id)?.id}`)
      if (paid.get(transaction_id)?.status !== 'completed') throw new Error(`${source} is owed, and was given back`)
  checkParts(world, (source) => database.rows(owedItems).get(source)?.amount_cents)
  const back = new Map<string, number>()
  for (const { end_to_end_id, amount_cents } of money.givenBack.values())
    back.set(end_to_end_id, (back.get(end_to_end_id) ?? 0) + amount_cents)
  for (const [end_to_end_id, amount] of back)
    if (amount > (money.transfers.get(end_to_end_id)?.amount_cents ?? money.partTransfers.get(end_to_end_id) ?? 0))
      throw new Error(`${end_to_end_id}: more is given back than was paid`)
}
