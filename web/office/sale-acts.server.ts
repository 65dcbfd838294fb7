/** Passes decisions about a purchase or a return to the service, which allows or refuses them. */
import { wholeTyped } from '#platform/typed-numbers'
import type { Client } from '../../clients/typescript/client.ts'

/** The name of the refusal; undefined: it was done. */
export async function act(client: Client, transaction_id: string, form: FormData): Promise<string | undefined> {
  const path = { transaction_id }
  const reason = String(form.get('motivo') ?? '').trim()
  const answer = await answerTo(client, String(form.get('ato')), path, reason, form)
  if (answer === undefined) return 'other'
  if (answer.ok) return undefined
  return answer.status === 403 ? 'forbidden' : answer.problem.name
}

function answerTo(
  client: Client,
  what: string,
  path: { readonly transaction_id: string },
  reason: string,
  form: FormData,
) {
  switch (what) {
    case 'cancelar':
      return client.cancelPurchase({ path, body: reason ? { reason } : {} })
    case 'tentar':
      return client.retrySagaState({ path })
    case 'resolvido':
      return client.giveSagaStateUp({ path, body: { reason } })
    case 'refazer':
      return client.redoSagaState({ path, body: { reason } })
    case 'recebi': {
      const notes = String(form.get('visto') ?? '').trim()
      const mileage_km = wholeTyped(String(form.get('km') ?? '')) ?? Number.NaN // the service refuses NaN
      return client.receivedReturn({
        path: { return_id: path.transaction_id },
        body: { mileage_km, ...(notes && { notes }) },
      })
    }
    default:
      return undefined
  }
}
