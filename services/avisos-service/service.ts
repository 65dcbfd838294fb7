/** avisos-service: tells people by mail what happens to their accounts and their money. It keeps no address. */
import type { ServiceContext, ServiceDefinition, Wiring } from '#host'
import { publicOriginOf } from '#platform/config'
import { openPeers } from '#platform/peers'
import { forgetTold } from './approvals/approval-store.ts'
import { startLooking } from './approvals/waiting.ts'
import { proofOf } from './http/unsubscribe.ts'
import { routes } from './http.ts'
import { composer } from './mails/compose.ts'
import { mailEvents } from './mails/events.ts'
import { isUnsubscribed, removeOldMails, sealedMails } from './mails/mail-store.ts'
import { type Sender, startSender } from './mails/sender.ts'
import { owners } from './owners/owners.ts'
import { smtpTransport } from './transport/transport.ts'

const DAY_MS = 86_400_000

export const avisosService: ServiceDefinition = {
  name: 'avisos-service',
  description: 'Mails: what people are told about their accounts and their purchases.',
  migrations: new URL('./migrations/', import.meta.url),
  sealed: [sealedMails],
  wire,
}

function wire({
  config,
  database,
  unitOfWork,
  vault,
  clock,
  ids,
  log,
  addressOf,
  serviceToken,
}: ServiceContext): Wiring {
  const peers = openPeers(addressOf, serviceToken, { connections: 8, patienceMs: 10_000 })
  const transport = config.SMTP_URL ? smtpTransport(config.SMTP_URL, config.MAIL_FROM) : undefined
  const origin = publicOriginOf(config)
  const others = owners(peers.ask)
  const compose = composer({
    ...{ clock, origin },
    owners: others,
    isUnsubscribed: (customer_id) => isUnsubscribed(database, customer_id),
    unsubscribeLink: (customer_id) => `${origin}/reminders/${customer_id}/${proofOf(vault, customer_id)}/off`,
  })
  let sender: Sender | undefined
  const onError = (err: unknown) => log.warn({ err }, 'a mail could not be sent this time')
  return {
    routes: routes({ database, vault, clock, isMailboxOpen: config.NODE_ENV !== 'production' }),
    handlers: mailEvents(clock, () => sender?.soon()),
    chores: [
      { what: 'mails that were sent', keepForMs: 90 * DAY_MS, remove: removeOldMails },
      { what: 'approvals whose deciders were told', keepForMs: 90 * DAY_MS, remove: forgetTold },
    ],
    start: () => {
      sender = startSender({ database, unitOfWork, vault, clock, compose, transport, onError })
      const running = sender
      const looking = startLooking({ unitOfWork, clock, ids, owners: others }, (err) =>
        log.warn({ err }, 'approvals that wait could not be asked for'),
      )
      return {
        async [Symbol.asyncDispose]() {
          await looking[Symbol.asyncDispose]()
          await running[Symbol.asyncDispose]()
          transport?.[Symbol.dispose]()
          await peers[Symbol.asyncDispose]()
        },
      }
    },
  }
}
