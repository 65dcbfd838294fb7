/**
 * Makes the requests that records ask for to the provider over the network: to make and close charges, and to give money back.
 * The database knows when each is due. Each result is stored in a transaction of its own, opened after the answer. So a restart
 * goes on where it stopped, and asking twice does no harm. No lock is held during a request.
 */
import type { UnitOfWork } from '#messaging'
import { type Alarm, startAlarm } from '#platform/alarm'
import type { Clock } from '#platform/clock'
import type { Database } from '#platform/database/database'
import { lockCharges } from '../charges/charge-store.ts'
import { decideCharge } from '../charges/decide-charge.ts'
import type { Charge } from '../domain/charge.ts'
import { closed, issued, notIssued, refundAnswered } from '../domain/errand.ts'
import { partAnswered, wayBackOf } from '../domain/parts-back.ts'
import { type GiveBack, ProviderFault, type RefundAnswer, type RemoteCharges } from '../domain/provider.ts'
import { generateReply, paymentReply, refundReply, returnReply } from '../domain/replies.ts'
import { statusAfter } from '../domain/unmatched.ts'
import { findPartsBack } from '../parts/part-back-store.ts'
import { savePartsBack } from '../parts/undo-parts.ts'
import { takeReceipts } from '../receipts/receipts.ts'
import { recordRefund } from '../receipts/unmatched-store.ts'
import {
  type CodeErrand,
  claimCodeTasks,
  claimPartRefunds,
  claimRefunds,
  claimUnmatchedRefunds,
  nextErrand,
  postponeCodeTask,
  postponePartRefund,
  postponeRefund,
  postponeUnmatchedRefund,
  type RefundErrand,
} from './errand-store.ts'

export interface ErrandParts {
  readonly database: Database
  readonly unitOfWork: UnitOfWork
  readonly clock: Clock
  /** Absent when no provider is asked over the network; then there are no charges to make or close either. */
  readonly charges?: RemoteCharges | undefined
  readonly giveBack: GiveBack
  readonly onError: (error: unknown) => void
}

/** How long a process leases an errand: longer than all time-outs of its calls. */
const LEASE_MS = 45_000
const AT_ONCE = 32

/** Runs errands as they fall due. Call `expect(new Date())` after a commit that left one. A stop waits for those under way. */
export function startErrands(parts: ErrandParts): Alarm {
  const underWay = new Set<Promise<void>>()
  let stopped = false
  const alarm = startAlarm(ring, parts.onError)

  async function ring(): Promise<Date | null> {
    const free = AT_ONCE - underWay.size
    if (stopped || free <= 0) return null // an errand rings again when it ends
    for (const run of await claimErrands(parts, free)) {
      const one: Promise<void> = run()
        .catch(parts.onError)
        .finally(() => {
          underWay.delete(one)
          alarm.expect(new Date())
        })
      underWay.add(one)
    }
    return nextErrand(parts.database, parts.charges !== undefined)
  }

  return {
    expect: alarm.expect,
    async [Symbol.asyncDispose]() {
      stopped = true
      await alarm[Symbol.asyncDispose]()
      await Promise.all(underWay)
    },
  }
}

/** Runs the errands that are due now, once; returns how many. */
export async function runErrands(parts: ErrandParts): Promise<number> {
  const runs = await claimErrands(parts, AT_ONCE)
  await Promise.all(runs.map((run) => run()))
  return runs.length
}

async function claimErrands(parts: ErrandParts, limit: number): Promise<(() => Promise<void>)[]> {
  const { database, clock } = parts
  const now = clock.now()
  const leaseUntil = new Date(now.getTime() + LEASE_MS)
  const { charges } = parts
  const [tasks, refunds, partRefunds, unmatched] = await Promise.all([
    charges ? claimCodeTasks(database, now, leaseUntil, limit) : [],
    claimRefunds(database, now, leaseUntil, limit),
    claimPartRefunds(database, now, leaseUntil, limit),
    claimUnmatchedRefunds(database, now, leaseUntil, limit),
  ])
  return [
    ...tasks.map((errand) => () => (charges ? runCodeTask(parts, charges, errand) : Promise.resolve())),
    ...refunds.map((errand) => () => runRefund(parts, errand)),
    ...partRefunds.map((errand) => () => runPartRefund(parts, errand)),
    ...unmatched.map((errand) => () => runUnmatchedRefund(parts, errand)),
  ]
}

async function runCodeTask(parts: ErrandParts, charges: RemoteCharges, errand: CodeErrand): Promise<void> {
  const { transaction_id, txid, task, attempts } = errand
  const postpone = (until: Date) => postponeCodeTask(parts.database, transaction_id, until)
  await unlessFault(parts, attempts, postpone, async () => {
    if (task === 'issue') {
      const opened = await charges.open(errand)
      await decide(parts, transaction_id, generateReply, (charge, now) =>
        opened.ok ? issued(charge, opened.pix_copy_paste, now) : notIssued(charge, now),
      )
      return
    }
    const { status, pix } = await charges.close(txid)
    if (pix.length > 0) {
      const receipts = pix.map((one) => ({ ...one, name: txid }))
      await parts.unitOfWork((tx, send) => takeReceipts(tx, send, receipts, parts.clock.now()))
    }
    if (status === 'open') throw new ProviderFault('the charge is still open after it was closed')
    await decide(parts, transaction_id, task === 'void' ? refundReply : paymentReply, closed)
  })
}

async function runRefund(parts: ErrandParts, { id, transaction_id, ...errand }: RefundErrand): Promise<void> {
  const postpone = (until: Date) => postponeRefund(parts.database, id, until)
  const { failures, attempts } = errand
  await unlessFault(parts, attempts, postpone, async () => {
    const answer = await parts.giveBack({ ...errand, refund_id: `P${id}A${failures}` })
    if (answer.status === 'under_way') await postpone(later(parts, lookAgainMs(attempts)))
    else if (transaction_id) {
      const again_at = later(parts, tryAgainMs(failures))
      await decide(parts, transaction_id, refundReplyOfPurchase, (charge, now) =>
        refundAnswered(charge, failures, answer, now, again_at),
      )
    }
  })
}

/** A part that came by Pix. No undone purchase waits for it; a return does. */
async function runPartRefund(parts: ErrandParts, { id, transaction_id, ...errand }: RefundErrand): Promise<void> {
  const { failures, attempts } = errand
  await unlessFault(
    parts,
    attempts,
    (until) => postponePartRefund(parts.database, id, until),
    async () => {
      const { status } = await parts.giveBack({ ...errand, refund_id: `P${id}A${failures}` }) // parts have numbers of payments
      if (status === 'under_way') await postponePartRefund(parts.database, id, later(parts, lookAgainMs(attempts)))
      else if (transaction_id) await decidePart(parts, transaction_id, id, failures, status === 'done')
    },
  )
}

async function decidePart(
  { unitOfWork, clock }: ErrandParts,
  transaction_id: string,
  id: number,
  failures: number,
  isDone: boolean,
): Promise<void> {
  await unitOfWork(async (tx, send) => {
    const [charge] = await lockCharges(tx, [transaction_id])
    const known = await findPartsBack(tx, [transaction_id])
    const parts = known.map((part) => (part.id === id ? partAnswered(part, failures, isDone) : part))
    const changed = parts.filter((part, index) => part !== known[index])
    if (!charge || changed.length === 0) return
    savePartsBack(tx, charge, changed, clock.now())
    const return_id = charge.payment?.return_id
    const reply = return_id && returnReply(charge, return_id, wayBackOf(parts))
    if (reply) send(reply)
  })
}

async function runUnmatchedRefund(parts: ErrandParts, { id, ...errand }: RefundErrand): Promise<void> {
  const postpone = (until: Date) => postponeUnmatchedRefund(parts.database, id, until)
  const { failures, attempts } = errand
  await unlessFault(parts, attempts, postpone, async () => {
    const answer = await parts.giveBack({ ...errand, refund_id: `U${id}A${failures}` })
    const refused = reasonOf(answer)
    const status = statusAfter(answer, refused === null ? failures : failures + 1)
    const wait = answer.status === 'under_way' ? lookAgainMs(attempts) : tryAgainMs(failures)
    const due_at = status === 'refunding' ? later(parts, wait) : null
    await recordRefund(parts.database, { id, failures, status, refused, due_at }, parts.clock.now())
  })
}

const reasonOf = (answer: RefundAnswer) => (answer.status === 'refused' ? answer.reason : null)

/** No purchase waits for money that came too late for it; a return waits for the money that it gives back. */
function refundReplyOfPurchase(charge: Charge) {
  const { code, payment } = charge
  if (payment?.return_id) return returnReply(charge, payment.return_id)
  return code.status === 'used' ? refundReply(charge) : undefined
}

/** Decides the locked charge in a transaction of its own, and tells the purchase if anything changed. */
async function decide(
  { unitOfWork, clock }: ErrandParts,
  transaction_id: string,
  replyTo: typeof generateReply | typeof paymentReply | typeof refundReplyOfPurchase,
  rule: (charge: Charge, now: Date) => Charge,
): Promise<void> {
  await unitOfWork(async (tx, send) => {
    const [before] = await lockCharges(tx, [transaction_id])
    if (!before) return
    const wasAnswered = before.code.status === 'voided'
    await decideCharge(tx, send, before, rule, (after) => (wasAnswered ? undefined : replyTo(after)), clock.now())
  })
}

/** When the provider fails, the errand is due again later: a fault is never an answer. Other errors are thrown. */
async function unlessFault(
  parts: ErrandParts,
  attempts: number,
  postpone: (until: Date) => Promise<unknown>,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof ProviderFault)) throw error
    parts.onError(error)
    await postpone(later(parts, Math.max(lookAgainMs(attempts), Math.min(error.retryAfterMs ?? 0, HOUR_MS))))
  }
}

const HOUR_MS = 3_600_000
const later = ({ clock }: ErrandParts, ms: number) => new Date(clock.now().getTime() + ms)
/** In milliseconds: half a second, then twice as long each time, up to a quarter of a minute. */
const lookAgainMs = (attempts: number) => Math.min(500 * 2 ** Math.min(attempts - 1, 10), 15_000)
/** In milliseconds, after a refusal: half a minute, then twice as long each time, up to an hour. */
const tryAgainMs = (failures: number) => Math.min(30_000 * 2 ** Math.min(failures, 10), HOUR_MS)
