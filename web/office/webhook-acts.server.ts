/** Passes an admin's decisions about webhooks to the service that sends them. */
import { idTyped } from '#platform/typed-numbers'
import type { Client } from '../../clients/typescript/client.ts'

export interface Outcome {
  readonly done?: string
  readonly id?: number
  /** The secret of the signatures, shown only once. */
  readonly secret?: string
  readonly refused?: string
}

export async function act(client: Client, form: FormData): Promise<Outcome> {
  const text = (name: string) => String(form.get(name) ?? '').trim()
  const path = { id: idTyped(text('id')) }
  switch (text('ato')) {
    case 'criar': {
      const description = text('nota')
      const body = {
        url: text('endereco'),
        events: ['events.purchase.*' as const],
        ...(description && { description }),
      }
      const answer = await client.createWebhookSubscription({ body })
      return answer.ok ? { secret: answer.data.secret } : refused(answer)
    }
    case 'trocar': {
      const answer = await client.rotateWebhookSubscriptionSecret({ path })
      return answer.ok ? { secret: answer.data.secret } : refused(answer)
    }
    case 'ligar': {
      const answer = await client.enableWebhookSubscription({ path })
      return answer.ok ? { done: 'enabled', id: path.id } : refused(answer)
    }
    case 'apagar': {
      const answer = await client.deleteWebhookSubscription({ path })
      return answer.ok ? { done: 'removed' } : refused(answer)
    }
    case 'repetir': {
      const answer = await client.retryWebhookDelivery({ path })
      return answer.ok ? { done: 'sent', id: idTyped(text('numero')) } : refused(answer)
    }
    default:
      return { refused: 'other' }
  }
}

const refused = ({ status, problem }: { readonly status: number; readonly problem: { readonly name: string } }) => ({
  refused: status === 403 ? 'forbidden' : problem.name,
})
