/** Passes an admin's decisions about the team to the service that keeps the accounts. */
import type { Client } from '../../clients/typescript/client.ts'

export type Outcome =
  | { readonly done: 'invited' | 'changed' | 'lent' | 'deactivated'; readonly refused?: undefined }
  | { readonly done?: undefined; readonly refused: string }

export async function act(client: Client, form: FormData): Promise<Outcome> {
  const text = (name: string) => String(form.get(name) ?? '').trim()
  const role = roleIn(text('funcao'))
  const path = { id: text('conta') }
  const reason = text('motivo')
  switch (text('ato')) {
    case 'convidar': {
      const document = text('cpf').replace(/\D/g, '')
      const body = { name: text('nome'), email: text('email'), ...role, ...(document && { document }) }
      return told('invited', await client.postStaffInvitations({ body }))
    }
    case 'mudar':
      return told('changed', await client.updateStaff({ path, body: { ...role, reason } }))
    case 'emprestar': {
      const until = new Date(`${text('ate')}T23:59:59-03:00`) // the whole of that day in São Paulo
      if (Number.isNaN(until.getTime())) return { refused: 'validation_failed' }
      const body = { discount_limit: Number(text('limite')), until: until.toISOString(), reason }
      return told('lent', await client.lendStaff({ path, body }))
    }
    case 'desligar':
      return told('deactivated', await client.deactivateStaff({ path, body: { hand_over_to: text('para'), reason } }))
    default:
      return { refused: 'other' }
  }
}

const roleIn = (word: string) =>
  word === 'admin'
    ? { role: 'admin' as const }
    : { role: 'staff' as const, scope: word === 'operator' ? ('operator' as const) : ('seller' as const) }

function told(
  done: 'invited' | 'changed' | 'lent' | 'deactivated',
  answer: { readonly ok: boolean; readonly status: number; readonly problem?: { readonly name: string } },
): Outcome {
  if (answer.ok) return { done }
  const name = answer.problem?.name ?? 'other'
  return { refused: answer.status === 403 && name !== 'own_account' ? 'forbidden' : name }
}
