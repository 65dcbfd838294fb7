/** The acts of the page of money, which pagamento-service does. */
import { idTyped } from '#platform/typed-numbers'
import type { Client } from '../../clients/typescript/client.ts'
import { type Outcome, act as tidy } from './operation-acts.server.ts'
import { amountIn } from './percent.ts'

const WAYS = ['banknotes', 'transfer', 'card', 'pix'] as const

export async function act(client: Client, form: FormData): Promise<Outcome> {
  const text = (name: string) => String(form.get(name) ?? '').trim()
  const id = idTyped(text('id'))
  switch (text('ato')) {
    case 'fechar_dia':
      return closeDay(client, form)
    case 'fechar_mes': {
      const header = { 'idempotency-key': text('chave') }
      return told('closed', await client.createClosing({ header, body: { month: text('mes') } }))
    }
    case 'veio':
      return told('received', await client.receivePayment({ path: { id } }))
    case 'nao_vem':
      return told(
        'failed',
        await client.failPayment({ path: { id }, body: { reason: text('motivo'), due_on: text('ate') } }),
      )
    case 'pagou': {
      const method = WAYS.find((one) => one === text('como')) ?? 'transfer'
      const answer = await client.settlePaymentDebt({ path: { id }, body: { method, reference: text('comprovante') } })
      return told(orAsked('settled_debt', answer), answer)
    }
    default:
      return tidy(client, form)
  }
}

async function closeDay(client: Client, form: FormData): Promise<Outcome> {
  const text = (name: string) => String(form.get(name) ?? '').trim()
  const counted = amountIn(text('contado'))
  const float = amountIn(text('troco'))
  const withdrawn = amountIn(text('retirado'))
  if (counted === undefined) return { refused: 'validation_failed' }
  const answer = await client.createClosing({
    header: { 'idempotency-key': text('chave') },
    body: {
      date: text('dia'),
      counted,
      ...(float !== undefined && { float }),
      ...(withdrawn && { withdrawals: [{ amount: withdrawn, reason: text('retirado_motivo') }] }),
      ...(text('motivo') && { reason: text('motivo') }),
    },
  })
  return told(orAsked('closed', answer), answer)
}

interface Answer {
  readonly ok: boolean
  readonly status: number
  readonly problem?: { readonly name: string }
}

/** Beyond a person's limit it waits for another one. */
const orAsked = (done: string, { status }: Answer) => (status === 202 ? 'asked' : done)

function told(done: string, answer: Answer): Outcome {
  if (answer.ok) return { done }
  const name = answer.problem?.name ?? 'other'
  return { refused: answer.status === 403 && name !== 'own_record' ? 'forbidden' : name }
}
