/** Records parts paid at the counter, alone or with a second person's approval, always behind the lock of their code. */
import type { ProblemName } from '#contracts'
import { type Approval, type ApprovalKind, type Approvals, type Author, authorName, writeJournal } from '#host'
import type { Send } from '#messaging'
import type { Clock } from '#platform/clock'
import type { Tx } from '#platform/database/database'
import { Problem } from '#platform/problem'
import type { Vault } from '#platform/vault/vault'
import { lockCharges, takePaymentIds } from '../charges/charge-store.ts'
import { decideCharge, untold } from '../charges/decide-charge.ts'
import { closedProblem } from '../charges/pay-code.ts'
import { insertTillEntry } from '../closings/closing-store.ts'
import type { Charge } from '../domain/charge.ts'
import {
  failPart,
  type Money,
  netOf,
  type PartMethod,
  type PartRefusal,
  receivePart,
  restOf,
  reversePart,
  type TradeIn,
  takePart,
} from '../domain/parts.ts'
import { paymentReply } from '../domain/replies.ts'
import { insertOwed, isGiven, strikeOwed } from '../owed/owed-store.ts'
import {
  findPart,
  hasComeIn,
  hasPaid,
  insertDebt,
  insertPart,
  type Part,
  type Payer,
  takenAlone,
  updatePart,
} from './part-store.ts'

export interface PartParts {
  readonly vault: Vault
  readonly clock: Clock
  readonly approvals: Approvals
  /** The most that one person may take from one customer in 24 hours; beyond it, a part counts after a second person approves. */
  readonly paymentLimit: number
}

export interface PartWish {
  readonly transaction_id: string
  /** Null: the whole rest. */
  readonly amount_cents: number | null
  readonly method: PartMethod
  readonly is_received: boolean
  readonly reference: string | null
  readonly reason: string | null
  readonly payer: Payer | null
  /** Somebody else's money: it needs a second person, whatever the amount. */
  readonly is_of_another: boolean
  readonly trade_in: TradeIn | null
  /** Of a Pix; null when nobody has typed it. */
  readonly end_to_end_id: string | null
}

const KIND = 'payment_part'

const twice = (path: string, message: string) => new Problem('validation_failed', { errors: [{ path, message }] })
const broughtTwice = () => twice('/trade_in/vehicle_id', 'has come in for another part already')
const paidTwice = () => twice('/end_to_end_id', 'has paid something already')
const DAY_MS = 86_400_000

/** The part, or the approval that it waits for. A refusal still commits: an overdue code expires by being paid. */
export async function takeOrAsk(
  tx: Tx,
  send: Send,
  parts: PartParts,
  by: Author,
  wish: PartWish,
): Promise<Part | Approval | ProblemName> {
  const { vault, clock, approvals, paymentLimit } = parts
  const now = clock.now()
  const [before] = await lockCharges(tx, [wish.transaction_id])
  if (!before) return 'payment_code_not_found'
  const amount_cents = amountOf(wish, before)
  const money = { amount_cents, is_received: wish.is_received }
  const after = amount_cents > 0 ? takePart(before, money, now) : before
  if (after === 'payment_exceeds_due') return after
  if (after.code.held_cents === before.code.held_cents) {
    await decideCharge(tx, send, before, () => after, paymentReply, now)
    return closedProblem(after.code)
  }
  if (wish.trade_in?.vehicle_id && (await hasComeIn(tx, wish.trade_in.vehicle_id))) throw broughtTwice()
  if (wish.end_to_end_id && (await hasPaid(tx, wish.end_to_end_id))) throw paidTwice()
  const [id] = await takePaymentIds(tx, 1)
  if (!id) throw new Error('the sequence has no number')
  const { customer_id, vehicle_id, code: payment_code } = before.code
  const { transaction_id, method, reference, end_to_end_id } = wish
  const state = wish.is_received ? 'received' : 'promised'
  const of = { transaction_id, payment_code, customer_id, vehicle_id }
  const excess_cents = wish.trade_in ? netOf(wish.trade_in) - amount_cents : 0
  const told = { reference, end_to_end_id, author: authorName(by), approval_id: null, excess_cents }
  const part: Part = { id, ...of, amount_cents, method, state, ...told }
  const worth_cents = amount_cents + excess_cents // the excess that is owed for a car leaves the till too
  const since = new Date(now.getTime() - DAY_MS)
  const taken_cents = await takenAlone(tx, customer_id, part.author, since)
  const isBeyond = wish.is_of_another || taken_cents + worth_cents > paymentLimit
  const asked = {
    ...({ kind: KIND, about: 'payment', about_id: id, reason: wish.reason } as const),
    ...{
      request: { part_id: id, customer_id, amount_cents, method, state },
      rests_on: { limit_cents: paymentLimit, taken_cents },
    },
  }
  if (isBeyond && approvals.needsAnother(by)) {
    await insertPart(tx, vault, { ...part, state: 'asked' }, wish.payer, wish.trade_in, now)
    return approvals.ask(tx, by, asked)
  }
  const approval_id = isBeyond ? approvals.decideAlone(tx, by, asked).id : null
  const taken = { ...part, approval_id }
  await insertPart(tx, vault, taken, wish.payer, wish.trade_in, now)
  intoTill(tx, taken, now)
  oweExcess(tx, taken, now)
  await decideCharge(tx, send, before, () => after, paymentReply, now)
  await tell(tx, parts, by, 'part_taken', taken, wish.reason)
  return taken
}

/** Approval makes the part count from now on, if it still fits. */
export const partKind = (parts: PartParts): ApprovalKind => ({
  kind: KIND,
  async carryOut(tx, send, { id: approval_id, request, reason, asked }) {
    const now = parts.clock.now()
    const { part, charge } = await locked(tx, Number(request.part_id))
    if (part.state !== 'asked') throw new Problem('part_not_open')
    const is_received = request.state === 'received'
    const after = takePart(charge, { amount_cents: part.amount_cents, is_received }, now)
    if (after === 'payment_exceeds_due') throw new Problem(after)
    if (after.code.held_cents === charge.code.held_cents) throw new Problem(closedProblem(after.code))
    const taken = { ...part, state: is_received ? ('received' as const) : ('promised' as const), approval_id }
    updatePart(tx, taken, now)
    intoTill(tx, taken, now)
    oweExcess(tx, taken, now)
    await decideCharge(tx, send, charge, () => after, paymentReply, now)
    await tell(tx, parts, asked, 'part_taken', taken, reason)
  },
})

const AFTER = { receive: 'received', reverse: 'reversed', fail: 'failed' } as const
const RULES: Record<keyof typeof AFTER, (charge: Charge, money: Money) => Charge | PartRefusal> = {
  receive: receivePart,
  reverse: reversePart,
  fail: failPart,
}

export interface Move {
  readonly what: keyof typeof AFTER
  readonly reason: string | null
  readonly reference: string | null
  /** For a failed part: the day by which the buyer must pay. */
  readonly due_on: string | null
}

export async function movePart(
  tx: Tx,
  send: Send,
  parts: PartParts,
  by: Author,
  id: number,
  { what, reason, reference, due_on }: Move,
): Promise<Part> {
  const now = parts.clock.now()
  const { part, charge } = await locked(tx, id)
  if (part.state !== 'promised' && part.state !== 'received') throw new Problem('part_not_open')
  if (what === 'reverse' && part.excess_cents > 0 && (await isGiven(tx, excessOf(part))))
    throw new Problem('part_not_open')
  const after = RULES[what](charge, { amount_cents: part.amount_cents, is_received: part.state === 'received' })
  if (typeof after === 'string') throw new Problem(after)
  const moved = { ...part, state: AFTER[what], reference: reference ?? part.reference }
  updatePart(tx, moved, now)
  if (what === 'receive') intoTill(tx, moved, now)
  if (what === 'reverse' && part.state === 'received') outOfTill(tx, part, now)
  if (what === 'reverse' && part.excess_cents > 0) strikeOwed(tx, excessOf(part), authorName(by), now)
  if (what === 'fail' && due_on !== null) insertDebt(tx, part, due_on, now)
  // its purchase was told when the code was paid: later changes of parts change no sale
  await decideCharge(tx, send, charge, () => after, untold, now)
  await tell(tx, parts, by, `part_${AFTER[what]}`, moved, reason, { state: part.state })
  return moved
}

/** Locks the part's code, and reads the part behind that lock. */
async function locked(tx: Tx, id: number): Promise<{ part: Part; charge: Charge }> {
  const known = await findPart(tx, id)
  if (!known) throw new Problem('payment_not_found')
  const [charge] = await lockCharges(tx, [known.transaction_id])
  const part = await findPart(tx, id)
  if (!charge || !part) throw new Problem('payment_not_found')
  return { part, charge }
}

const amountOf = ({ amount_cents, trade_in }: PartWish, charge: Charge): number =>
  amount_cents ?? (trade_in ? Math.min(netOf(trade_in), restOf(charge)) : restOf(charge))

/** Enters received money in the till; a trade-in is no money. */
function intoTill(tx: Tx, { id, method, state, amount_cents }: Part, now: Date) {
  if (state === 'received' && method !== 'trade_in')
    insertTillEntry(tx, { source: `part ${id}`, method, amount_cents }, now)
}

function outOfTill(tx: Tx, { id, method, amount_cents }: Part, now: Date) {
  if (method !== 'trade_in')
    insertTillEntry(tx, { source: `part ${id} struck`, method, amount_cents: -amount_cents }, now)
}

/** Owes a trade-in's excess to its owner. */
function oweExcess(tx: Tx, part: Part, now: Date) {
  if (part.excess_cents <= 0) return
  const { transaction_id, customer_id, excess_cents: amount_cents } = part
  const of = { transaction_id, customer_id, return_id: null, amount_cents }
  insertOwed(tx, [{ source: excessOf(part), ...of, reason: 'trade_in_excess' }], now)
}

const excessOf = ({ id }: Part) => `trade-in ${id}`

const tell = (
  tx: Tx,
  { vault, clock }: PartParts,
  by: Author,
  act: string,
  { id, transaction_id, amount_cents, method, state, reference, approval_id }: Part,
  reason: string | null,
  before: { readonly state: string } | undefined = undefined,
) =>
  writeJournal(tx, vault, [
    {
      ...({ by, at: clock.now(), act, about: 'payment', about_id: id, reason } as const),
      ...(before && { before }),
      after: { transaction_id, amount_cents, method, state, reference },
      ...(approval_id && { approval_id }),
    },
  ])
