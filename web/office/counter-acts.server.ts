/** The acts at the counter. The services decide whether they are allowed. */
import { idTyped } from '#platform/typed-numbers'
import type { Client } from '../../clients/typescript/client.ts'
import type { ListedCustomer } from '../../clients/typescript/operations.ts'
import { findCustomers } from './find-customers.server.ts'
import { handOverIn } from './hand-over.ts'
import { amountIn } from './percent.ts'

interface Found {
  readonly found: readonly Pick<ListedCustomer, 'id' | 'name' | 'document' | 'status'>[]
}

/** Finds buyers by the beginning of a name, or by a whole document or e-mail. The words are never in an address. */
export async function findBuyers(client: Client, typed: string): Promise<Found | { readonly fault: string }> {
  const { found, fault = 'other' } = await findCustomers(client, typed)
  return found ? { found: found.map(({ id, name, document, status }) => ({ id, name, document, status })) } : { fault }
}

/** Begins the sale. Returns the address where it goes on, or the reason why not. */
export async function begin(
  client: Client,
  form: FormData,
): Promise<{ readonly to?: string; readonly fault?: string }> {
  const listed = Number(form.get('anunciado'))
  const agreed = amountIn(form.get('preco'))
  const reason = String(form.get('motivo') ?? '').trim()
  if (agreed === undefined || agreed <= 0) return { fault: 'validation_failed' }
  const answer = await client.createPurchase({
    header: { 'idempotency-key': String(form.get('chave')) },
    body: {
      customer_id: idTyped(text(form, 'cliente')),
      vehicle_id: idTyped(text(form, 'carro')),
      payment_type: 'counter',
      channel: form.get('canal') === 'remote' ? 'remote' : 'counter',
      expected_price: listed,
      ...(agreed !== listed && { agreed_price: agreed }),
      ...(agreed !== listed && reason && { reason }),
    },
  })
  if (!answer.ok) return { fault: named(answer) }
  return { to: answer.data.approval_id ? '/painel/balcao?pedido' : `/painel/balcao/${answer.data.transaction_id}` }
}

const named = ({ status, problem }: { readonly status: number; readonly problem: { readonly name: string } }) =>
  status === 403 && problem.name !== 'own_record' && problem.name !== 'contact_not_proven' ? 'forbidden' : problem.name

type Done = 'part' | 'asked' | 'received' | 'reversed' | 'handed'

export async function act(
  client: Client,
  form: FormData,
): Promise<{ readonly done: Done } | { readonly fault: string }> {
  const id = idTyped(text(form, 'parte'))
  switch (form.get('ato')) {
    case 'recebi': {
      const answer = await client.receivePayment({ path: { id } })
      return answer.ok ? { done: 'received' } : { fault: named(answer) }
    }
    case 'estornar': {
      const answer = await client.reversePayment({ path: { id }, body: { reason: text(form, 'motivo') } })
      return answer.ok ? { done: 'reversed' } : { fault: named(answer) }
    }
    case 'entregar': {
      const answer = await client.pickupVehicle({ path: { id: idTyped(text(form, 'carro')) }, body: handOverIn(form) })
      return answer.ok ? { done: 'handed' } : { fault: named(answer) }
    }
    default:
      return pay(client, form)
  }
}

const text = (form: FormData, name: string) => String(form.get(name) ?? '').trim()

/** Enters a part: for a car that comes in its value, for anything else an amount. */
async function pay(client: Client, form: FormData): Promise<{ readonly done: Done } | { readonly fault: string }> {
  const method = text(form, 'como')
  const isTrade = method === 'trade_in'
  const amount = amountIn(form.get('valor'))
  const valuation = amountIn(form.get('avaliacao'))
  if (isTrade ? valuation === undefined : amount === undefined) return { fault: 'validation_failed' }
  const debts = amountIn(form.get('debitos'))
  const lien_payoff = amountIn(form.get('quitacao'))
  const end_to_end_id = method === 'pix' || method === 'deposit' ? text(form, 'pix') : ''
  const [name, document, reason] = [text(form, 'pagador'), text(form, 'documento_pagador'), text(form, 'porque')]
  const answer = await client.createPayment({
    header: { 'idempotency-key': text(form, 'chave') },
    body: {
      payment_code: text(form, 'codigo_venda'),
      payment_method: method,
      state: form.get('estado') === 'promised' ? 'promised' : 'received',
      ...(!isTrade && amount !== undefined && { amount }),
      ...(isTrade &&
        valuation !== undefined && {
          trade_in: { valuation, ...(debts && { debts }), ...(lien_payoff && { lien_payoff }) },
        }),
      ...(end_to_end_id && { end_to_end_id }),
      ...(text(form, 'comprovante') && { reference: text(form, 'comprovante') }),
      ...((name || document) && { payer: { name, document }, reason }),
    },
  })
  if (!answer.ok) return { fault: named(answer) }
  return { done: answer.status === 202 ? 'asked' : 'part' }
}
