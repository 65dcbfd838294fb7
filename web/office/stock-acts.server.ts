/**
 * What is done with several vehicles of the list at once: taken off sale, put back, priced anew. Each is an act of its own;
 * one that is refused does not keep the others from it. A price is changed only where it is still the one that was shown.
 */
import { idTyped } from '#platform/typed-numbers'
import type { Client } from '../../clients/typescript/client.ts'
import { nameOf } from '../store/vehicle-facts.ts'
import { stock as texts, vehicle as words } from '../texts/office-stock.pt-br.ts'
import { priceAfter } from './price-change.ts'

/** The rows of a page; a form with more is not from here. */
const MOST = 50

type Kind = 'withdrawn' | 'relisted' | 'priced'

interface Moved {
  readonly id: number
  readonly before?: number
  readonly after?: number
}

export interface StockOutcome {
  /** Tells one answer from the next. */
  readonly at: number
  readonly kind?: Kind
  readonly moved: readonly Moved[]
  /** Beyond the limit of whoever asked: a second person decides. */
  readonly asked: number
  readonly refused: readonly { readonly id: number; readonly name: string; readonly why: string }[]
}

type One = Moved | 'asked' | string

export async function act(client: Client, form: FormData): Promise<StockOutcome> {
  const ids = [...new Set(form.getAll('id').map((id) => idTyped(String(id))))].slice(0, MOST)
  const [kind, change] = actOf(client, form)
  const [moved, refused]: [Moved[], { id: number; name: string; why: string }[]] = [[], []]
  let asked = 0
  for (const id of kind ? ids : []) {
    const one = await change(id)
    if (one === 'asked') asked++
    else if (typeof one !== 'string') moved.push(one)
    else refused.push({ id, name: await named(client, id), why: words.refused[one] ?? words.refused.other })
  }
  return { at: Date.now(), ...(kind && { kind }), moved, asked, refused }
}

function actOf(client: Client, form: FormData): readonly [Kind | undefined, (id: number) => Promise<One>] {
  switch (form.get('ato')) {
    case 'retirar':
      return ['withdrawn', (id) => place(client, id, 'withdrawn', client.withdrawVehicle)]
    case 'anunciar':
      return ['relisted', (id) => place(client, id, 'available', client.relistVehicle)]
    case 'preco':
      return ['priced', (id) => reprice(client, id, form)]
    default:
      return [undefined, async () => 'other']
  }
}

/** One that somebody else has put there already is not counted: undoing would take it back from them. */
async function place(
  client: Client,
  id: number,
  to: 'withdrawn' | 'available',
  ask: Client['withdrawVehicle'] | Client['relistVehicle'],
): Promise<One> {
  const read = await client.getVehicle({ path: { id } })
  if (!read.ok) return read.problem.name
  if (read.data.status === to) return to === 'withdrawn' ? 'already_withdrawn' : 'vehicle_not_relistable'
  const answer = await ask({ path: { id } })
  return answer.ok ? { id } : answer.problem.name
}

async function reprice(client: Client, id: number, form: FormData): Promise<One> {
  const read = await client.getVehicle({ path: { id } })
  if (!read.ok) return read.problem.name
  const before = read.data.price
  if (Number(form.get(`visto.${id}`)) !== before) return 'price_moved'
  const price = priceAfter(String(form.get(`preco.${id}`) ?? form.get('quanto') ?? ''), before)
  if (price === undefined) return 'price_unread'
  if (price === before) return { id, before, after: price }
  const header = { 'if-match': read.headers.get('etag') ?? '' }
  const answer = await client.updateVehicle({ path: { id }, header, body: { price } })
  if (!answer.ok) return answer.status === 412 ? 'price_moved' : answer.problem.name
  return answer.status === 202 ? 'asked' : { id, before, after: price }
}

async function named(client: Client, id: number): Promise<string> {
  const found = await client.getVehicle({ path: { id } })
  return found.ok ? nameOf(found.data) : texts.vehicle(id)
}
