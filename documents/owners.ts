/** Which service sends and gets a message, told from the names of topics and subscriptions. */
import type { MessageContract } from '#contracts'

/** Who answers for a subject: it receives that subject's commands and sends its events. */
const OWNERS: Readonly<Record<string, string>> = {
  credit: 'cliente-service',
  customer: 'cliente-service',
  vehicle: 'veiculo-service',
  payment: 'pagamento-service',
  purchase: 'orquestrador',
}

export const services: readonly string[] = [...new Set(Object.values(OWNERS))].sort()

/** The orquestrador commands; a subject's owner tells what came of it. */
export function senderOf(topic: string): string {
  const [kind, subject = ''] = topic.split('.')
  const owner = kind === 'commands' ? 'orquestrador' : OWNERS[subject]
  if (!owner) throw new Error(`nobody is known to send ${topic}`)
  return owner
}

export function receiverOf(subscription: string): string {
  const receiver = Object.values(OWNERS).find((service) => subscription.startsWith(`${service}-`))
  if (!receiver) throw new Error(`${subscription} does not begin with the name of a service`)
  return receiver
}

export const receiversOf = ({ subscriptions }: MessageContract): readonly string[] => subscriptions.map(receiverOf)
