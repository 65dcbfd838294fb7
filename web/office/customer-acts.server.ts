/** Passes the acts on a customer's record to the service, which allows or refuses them. */
import { amountTyped } from '#platform/typed-numbers'
import type { Client } from '../../clients/typescript/client.ts'
import type { UnmaskedCustomer } from '../../clients/typescript/operations.ts'
import { customer as texts } from '../texts/office-people.pt-br.ts'
import { PERSONAL, type Personal } from './personal-fields.ts'

export type Seen = Readonly<Partial<Record<Personal, string>>>

export interface Outcome {
  readonly fault?: string
  readonly done?: 'adjusted' | 'asked' | 'blocked' | 'unblocked'
  /** Unmasked just now: for this answer alone. */
  readonly seen?: Seen
}

export async function unmask(client: Client, id: number, form: FormData): Promise<Outcome> {
  const asked = PERSONAL.filter((field) => form.getAll('campo').includes(field))
  const reason = String(form.get('motivo') ?? '').trim()
  if (asked.length === 0 || reason.length < 5) return { fault: texts.unmask.pick }
  const answer = await client.getCustomerUnmasked({ path: { id }, query: { fields: asked.join(','), reason } })
  if (!answer.ok) return refused(answer.status, answer.problem.name)
  return { seen: Object.fromEntries(asked.map((field) => [field, told(answer.data[field])])) }
}

function told(value: UnmaskedCustomer[Personal]): string {
  if (!value) return texts.notHeld
  if (typeof value === 'string') return value
  const { street, number, complement, district, city, state, postal_code } = value
  return [`${street}, ${number}`, complement, district, `${city}, ${state}`, postal_code].filter(Boolean).join(' · ')
}

export async function act(client: Client, id: number, form: FormData): Promise<Outcome> {
  const path = { id }
  const reason = String(form.get('motivo') ?? '').trim()
  switch (form.get('ato')) {
    case 'bloquear': {
      const answer = await client.blockCustomer({ path, body: { reason } })
      return answer.ok ? { done: 'blocked' } : refused(answer.status, answer.problem.name)
    }
    case 'desbloquear': {
      const answer = await client.unblockCustomer({ path })
      return answer.ok ? { done: 'unblocked' } : refused(answer.status, answer.problem.name)
    }
    default:
      return adjust(client, id, form, reason)
  }
}

const METHODS = ['banknotes', 'transfer', 'card', 'pix'] as const
const KINDS = ['deposit', 'withdrawal', 'credit_repayment', 'trade_in', 'correction'] as const

async function adjust(client: Client, id: number, form: FormData, reason: string): Promise<Outcome> {
  const kind = KINDS.find((one) => one === form.get('tipo'))
  const amount = amountTyped(String(form.get('valor') ?? ''))
  const method = METHODS.find((one) => one === form.get('meio'))
  const reference = String(form.get('comprovante') ?? '').trim()
  if (!kind || !amount || reason.length < 5) return { fault: texts.adjust.unread }
  const answer = await client.createCustomerAdjustment({
    path: { id },
    header: { 'idempotency-key': String(form.get('chave')) },
    body: { kind, amount, reason, ...(method && { method }), ...(reference && { reference }) },
  })
  if (answer.ok) return { done: answer.status === 202 ? 'asked' : 'adjusted' }
  return refused(answer.status, answer.problem.name)
}

const refused = (status: number, name: string): Outcome => ({
  fault: texts.faults[status === 403 && name !== 'own_record' ? 'forbidden' : name] ?? texts.faults.other,
})
