/** Acts of staff at the counter: enter a part, receive a promised one, strike one, cancel a purchase that stands still. */
import type { Tx } from '#platform/database/database'
import { decideCharge } from '../../services/pagamento-service/charges/decide-charge.ts'
import type { Charge } from '../../services/pagamento-service/domain/charge.ts'
import { receivePart, restOf, reversePart, takePart } from '../../services/pagamento-service/domain/parts.ts'
import { paymentReply } from '../../services/pagamento-service/domain/replies.ts'
import { failed, type Happening, mayBeCutOff } from './happenings.ts'
import { staged } from './memory.ts'
import { type CodeRow, codes, lockCharges, payments } from './memory-charge-store.ts'
import { type PartRow, parts } from './memory-part-back-store.ts'
import type { World } from './world.ts'

export const takeAtCounter: Happening = async (world, choose) => {
  const { service } = world.pagamento
  const known = codesOf(world)
  if (known.length === 0 || !service.isUp) return 'nobody pays at the counter'
  const { transaction_id, amount_cents: due } = choose.pick(known)
  const wish = choose.pick(['rest', 'rest', 'half', 'more'] as const)
  const is_received = choose.chance(60)
  const method = choose.pick(['banknotes', 'financing', 'pix'] as const)
  const said = `a part of ${transaction_id} comes`
  mayBeCutOff(world, choose, 'pagamento-service')
  return await service
    .unitOfWork(async (tx, send) => {
      const [before] = await lockCharges(tx, [transaction_id])
      if (!before) return `${said}: nothing to pay`
      const rest = restOf(before)
      const amount_cents = { rest, half: Math.ceil(due / 2), more: rest + 1 }[wish]
      const after = amount_cents > 0 ? takePart(before, { amount_cents, is_received }, service.clock.now()) : before
      if (after === 'payment_exceeds_due') return `${said}: too much`
      await decideCharge(tx, send, before, () => after, paymentReply, service.clock.now())
      if (after.code.held_cents === before.code.held_cents) return `${said}: it takes no more`
      const { customer_id } = before.code
      const id = staged(tx).nextId()
      const state = is_received ? ('received' as const) : ('promised' as const)
      const end_to_end_id = method === 'pix' && is_received ? world.money.transferPart(amount_cents) : null
      const of = { id, transaction_id, customer_id, amount_cents, state, method, processed_at: service.clock.now() }
      const back = { back_cents: 0, refund_due_at: null, refund_failures: 0, refund_attempts: 0 }
      const is_of_another = choose.chance(20)
      staged(tx).insert(parts, id, { ...of, ...back, is_of_another, end_to_end_id })
      return `${said}: ${amount_cents} ${state} by ${method}`
    })
    .catch(failed(said))
}

export const workAtCounter: Happening = async (world, choose) => {
  const { service } = world.pagamento
  const written = [...service.database.rows(parts).values()]
  if (written.length === 0 || !service.isUp) return 'no part to look at'
  const { id, transaction_id } = choose.pick(written)
  const what = choose.pick(['receive', 'reverse'] as const)
  const said = `staff ${what} part ${id} of ${transaction_id}`
  mayBeCutOff(world, choose, 'pagamento-service')
  return await service
    .unitOfWork(async (tx, send) => {
      const [charge] = await lockCharges(tx, [transaction_id])
      const part = staged(tx).get(parts, id)
      if (!charge || (part?.state !== 'promised' && part?.state !== 'received')) return `${said}: it is over`
      const after = moved(charge, part, what)
      if (typeof after === 'string') return `${said}: ${after}`
      await decideCharge(
        tx,
        send,
        charge,
        () => after,
        () => undefined,
        service.clock.now(),
      )
      write(tx, part, what)
      return said
    })
    .catch(failed(said))
}

const moved = (charge: Charge, { amount_cents, state }: PartRow, what: 'receive' | 'reverse') =>
  (what === 'receive' ? receivePart : reversePart)(charge, { amount_cents, is_received: state === 'received' })

const write = (tx: Tx, { id }: PartRow, what: 'receive' | 'reverse') =>
  staged(tx).update(parts, id, (row) => ({
    ...row,
    state: what === 'receive' ? ('received' as const) : ('reversed' as const),
  }))

/** A code that holds money does not expire by itself: in the end staff cancel its purchase. Undefined when there is none. */
export async function giveUpAtCounter(world: World): Promise<string | undefined> {
  const stuck = codesOf(world).find(({ status, held_cents }) => status === 'pending' && held_cents > 0)
  if (!stuck) return undefined
  const { transaction_id } = stuck
  const cancelling = { kind: 'cancel', reason: 'not paid' } as const
  const outcome = await world.orquestrador.runner().apply(transaction_id, cancelling)
  if (outcome && !outcome.refusal) world.cancelled.add(transaction_id)
  return outcome?.refusal ? undefined : `staff give ${transaction_id} up: it was never paid whole`
}

/**
 * A code holds the sum of its parts, never more than is due. Received parts of an undone purchase go back, less what a warranty has given
 * back: by the provider, who has given as much, or as owed items.
 */
export function checkParts({ pagamento, money }: World, owed: (source: string) => number | undefined): void {
  const all = [...pagamento.service.database.rows(parts).values()]
  for (const { transaction_id, status, amount_cents: due, held_cents, received_cents } of codesOf({ pagamento })) {
    const of = all.filter((part) => part.transaction_id === transaction_id && part.state !== 'reversed')
    const sum = of.reduce((cents, part) => cents + part.amount_cents, 0)
    if (sum !== held_cents) throw new Error(`${transaction_id}: ${held_cents} held, parts of ${sum}`)
    if (held_cents > due) throw new Error(`${transaction_id}: more is held than is due`)
    if (status === 'used' && held_cents !== due) throw new Error(`${transaction_id}: used, and not whole`)
    if (status === 'pending' && held_cents === due) throw new Error(`${transaction_id}: whole, and not used`)
    for (const { id, state, back_cents, end_to_end_id, refund_failures } of of) {
      const is = owed(`part ${id}`)
      if (is !== (state === 'owed' ? back_cents : undefined))
        throw new Error(`part ${id} of ${transaction_id} is ${state}, and ${is ?? 'nothing'} is owed`)
      const given = end_to_end_id === null ? 0 : money.given(end_to_end_id)
      if (end_to_end_id !== null && state === 'refunded' && given !== back_cents)
        throw new Error(`part ${id} of ${transaction_id} is refunded, and its provider gave ${given}`)
      const isRefused = state === 'owed' && refund_failures > 0
      if (given > 0 && (isRefused || state === 'received'))
        throw new Error(`part ${id} of ${transaction_id} is ${state}, and its provider gave it back`)
    }
    const isUndone = of.some(({ state }) => state === 'refunding' || state === 'refunded' || state === 'owed')
    const back = of.reduce((cents, part) => cents + part.back_cents, 0)
    const abated_cents = pagamento.service.database.rows(payments).get(transaction_id)?.abated_cents ?? 0
    if (isUndone && back !== Math.max(0, received_cents - abated_cents))
      throw new Error(`${transaction_id}: ${received_cents} received, ${back} go back, ${abated_cents} were back`)
  }
}

/** Whether a purchase keeps its parts, as only one that is neither undone nor returned may. */
export function keepsParts({ pagamento }: World, transaction_id: string): boolean {
  const all = [...pagamento.service.database.rows(parts).values()]
  return all.some(
    (one) => one.transaction_id === transaction_id && (one.state === 'promised' || one.state === 'received'),
  )
}

const codesOf = ({ pagamento }: Pick<World, 'pagamento'>): CodeRow[] =>
  [...pagamento.service.database.rows(codes).values()].filter(({ payment_type }) => payment_type === 'counter')
