/** Records what a vehicle has cost, with the author. */
import { type Author, authorName, differences, writeJournal } from '#host'
import type { Send } from '#messaging'
import type { Clock, Ids } from '#platform/clock'
import type { Tx } from '#platform/database/database'
import { Problem } from '#platform/problem'
import type { Vault } from '#platform/vault/vault'
import type { Acquisition, Expense } from '../domain/acquisition.ts'
import { lockVehicles } from '../vehicles/vehicle-store.ts'
import { countChange } from './account-store.ts'
import { findAcquisition, insertExpense, upsertAcquisition } from './cost-store.ts'
import { tellAccount } from './tell-account.ts'

export interface CostParts {
  readonly vault: Vault
  readonly clock: Clock
  readonly ids: Ids
}

const FIELDS = [
  'acquired_at',
  'cost_cents',
  'source',
  'owner_customer_id',
  'owner_share_percent',
] as const satisfies readonly (keyof Acquisition)[]

const NOTHING: Partial<Acquisition> = {}

/** Entering the same values again changes nothing and writes no entry. */
export async function recordAcquisition(
  tx: Tx,
  send: Send,
  { vault, clock, ids }: CostParts,
  id: number,
  acquisition: Acquisition,
  by: Author,
): Promise<void> {
  await expectVehicle(tx, id)
  const told = differences((await findAcquisition(tx, id)) ?? NOTHING, acquisition, FIELDS)
  if (!told) return
  const at = clock.now()
  await upsertAcquisition(tx, id, acquisition, authorName(by), by.role === 'admin', at)
  await countChange(tx, id)
  await tellAccount(tx, send, ids, id)
  await writeJournal(tx, vault, [{ by, at, act: 'acquisition_recorded', about: 'vehicle', about_id: id, ...told }])
}

/** Also after the sale: a warranty's repair belongs to the car that was sold. */
export async function recordExpense(
  tx: Tx,
  send: Send,
  { vault, clock, ids }: CostParts,
  id: number,
  expense: Pick<Expense, 'what' | 'amount_cents' | 'spent_on'>,
  by: Author,
): Promise<Expense> {
  await expectVehicle(tx, id)
  const at = clock.now()
  const entered = await insertExpense(tx, id, expense, authorName(by), at)
  await countChange(tx, id)
  await tellAccount(tx, send, ids, id)
  const after = { what: entered.what, amount_cents: entered.amount_cents, spent_on: entered.spent_on }
  await writeJournal(tx, vault, [{ by, at, act: 'expense_recorded', about: 'vehicle', about_id: id, after }])
  return entered
}

/** Locks the vehicle, so that two people who enter costs at once take turns. */
async function expectVehicle(tx: Tx, id: number): Promise<void> {
  const [vehicle] = await lockVehicles(tx, [id])
  if (!vehicle) throw new Problem('vehicle_not_found')
}
