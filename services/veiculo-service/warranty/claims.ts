/** Opens and closes warranty claims. The cost of a repair is put on the vehicle; an abatement is owed to its buyer. */
import { abatePayment } from '#contracts'
import { type Approval, type ApprovalKind, type Approvals, type Author, authorName, doOrAsk, writeJournal } from '#host'
import { outgoing, type Send } from '#messaging'
import type { Clock, Ids } from '#platform/clock'
import type { Tx } from '#platform/database/database'
import { dayOf } from '#platform/days'
import { Problem } from '#platform/problem'
import type { Vault } from '#platform/vault/vault'
import { recordExpense } from '../costs/record-costs.ts'
import { type Claim, type Closing, close, refusesClaim, repairUntil } from '../domain/warranty.ts'
import { buyerOfSale } from '../handover/handover-store.ts'
import { lockVehicles } from '../vehicles/vehicle-store.ts'
import { abatedAlone, findClaim, insertClaim, updateClaim } from './claim-store.ts'

export interface ClaimParts {
  readonly vault: Vault
  readonly clock: Clock
  readonly ids: Ids
  readonly approvals: Approvals
  /** In cents: what one person alone may take off the prices of one customer in 24 hours. */
  readonly abatementLimit: number
}

/** Throws when the caller is the buyer. */
type NotOwn = (customer_id: number) => void

export async function openClaim(
  tx: Tx,
  { vault, clock }: ClaimParts,
  by: Author,
  vehicle_id: number,
  { what, is_hidden }: Pick<Claim, 'what' | 'is_hidden'>,
  expectNotOwn: NotOwn,
): Promise<Claim> {
  const vehicle = await lockedVehicle(tx, vehicle_id)
  const at = clock.now()
  const picked_up_on = vehicle.picked_up_at && dayOf(vehicle.picked_up_at)
  const refusal = refusesClaim({ status: vehicle.status, picked_up_on }, is_hidden, dayOf(at))
  if (refusal) throw new Problem(refusal)
  const transaction_id = vehicle.sold_to_transaction
  const customer_id = transaction_id === null ? null : ((await buyerOfSale(tx, transaction_id)) ?? null)
  if (customer_id !== null) expectNotOwn(customer_id)
  const of = { vehicle_id, transaction_id, customer_id }
  const opened = { opened_at: at, opened_by: authorName(by), due_on: repairUntil(dayOf(at)) }
  const claim = await insertClaim(tx, { ...of, what, is_hidden, ...opened })
  const act = { by, at, act: 'warranty_claimed', about: 'vehicle', about_id: vehicle_id } as const
  await writeJournal(tx, vault, [{ ...act, after: { claim: claim.id, what, is_hidden, due_on: claim.due_on } }])
  return claim
}

const KIND = 'abatement'
const DAY_MS = 86_400_000

/** The closed claim, or the approval that its abatement waits for. */
export async function closeOrAsk(
  tx: Tx,
  send: Send,
  parts: ClaimParts,
  by: Author,
  id: number,
  closing: Closing,
  expectNotOwn: NotOwn,
): Promise<Claim | Approval> {
  const { approvals, clock, abatementLimit } = parts
  const { claim, closed } = await decided(tx, parts, by, id, closing)
  const { vehicle_id, customer_id } = claim
  if (customer_id !== null) expectNotOwn(customer_id)
  const refund_cents = closing.refund_cents ?? 0
  const since = new Date(clock.now().getTime() - DAY_MS)
  const abated_cents = refund_cents > 0 ? await abatedAlone(tx, customer_id, authorName(by), since) : 0
  const wish = {
    ...({ kind: KIND, about: 'vehicle', about_id: vehicle_id, reason: closing.findings } as const),
    request: { claim: id, customer_id, ...closing },
    rests_on: { limit_cents: abatementLimit, abated_cents },
  }
  const isBeyond = refund_cents > 0 && abated_cents + refund_cents > abatementLimit
  return doOrAsk(tx, { approvals, by, wish, isBeyond }, (approval_id) =>
    store(tx, send, parts, by, closed, approval_id),
  )
}

export const abatementKind = (parts: ClaimParts): ApprovalKind => ({
  kind: KIND,
  async carryOut(tx, send, { id: approval_id, request, asked }) {
    const { claim: id, outcome, cost_cents, refund_cents, findings } = request as unknown as Closing & { claim: number }
    const closing = { outcome, cost_cents, refund_cents, findings }
    const { closed } = await decided(tx, parts, asked, id, closing)
    await store(tx, send, parts, asked, closed, approval_id)
  },
})

/** Call it with the vehicle locked. */
async function decided(tx: Tx, { clock }: ClaimParts, by: Author, id: number, closing: Closing) {
  const known = await findClaim(tx, id)
  if (!known) throw new Problem('claim_not_found')
  const vehicle = await lockedVehicle(tx, known.vehicle_id)
  const claim = await findClaim(tx, id)
  if (!claim) throw new Problem('claim_not_found')
  const closed = close(claim, vehicle, closing, authorName(by), clock.now())
  if (typeof closed === 'string') throw new Problem(closed)
  return { claim, closed }
}

async function store(
  tx: Tx,
  send: Send,
  parts: ClaimParts,
  by: Author,
  closed: Claim,
  approval_id: string | null,
): Promise<Claim> {
  const { vehicle_id, transaction_id: purchase_id, customer_id, cost_cents, refund_cents, findings } = closed
  updateClaim(tx, closed, approval_id)
  const at = parts.clock.now()
  const spend = (what: string, amount_cents: number | null) =>
    amount_cents === null
      ? undefined
      : recordExpense(tx, send, parts, vehicle_id, { what, amount_cents, spent_on: dayOf(at) }, by)
  await spend('Conserto em garantia', cost_cents)
  await spend('Abatimento em garantia', refund_cents)
  if (refund_cents !== null && purchase_id !== null && customer_id !== null)
    send(outgoing(abatePayment, purchase_id, { claim_id: closed.id, customer_id, amount_cents: refund_cents }))
  const act = {
    by,
    at,
    act: 'warranty_claim_closed',
    about: 'vehicle',
    about_id: vehicle_id,
    reason: findings,
  } as const
  const after = { claim: closed.id, outcome: closed.status, cost_cents, refund_cents }
  await writeJournal(tx, parts.vault, [{ ...act, after, ...(approval_id && { approval_id }) }])
  return closed
}

async function lockedVehicle(tx: Tx, id: number) {
  const [vehicle] = await lockVehicles(tx, [id])
  if (!vehicle) throw new Problem('vehicle_not_found')
  return vehicle
}
