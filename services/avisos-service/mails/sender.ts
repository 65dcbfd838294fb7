/**
 * Sends due mails, which the database knows. A process claims a mail for a minute, so that one that dies gives it back. A mail
 * that the server took, but whose row could not be written, goes out once more under the same Message-ID: mail servers and
 * readers drop such a copy. A mail that cannot be sent for a day becomes a dead letter.
 */
import { park, type UnitOfWork } from '#messaging'
import { type Alarm, startAlarm } from '#platform/alarm'
import type { Clock } from '#platform/clock'
import type { Database } from '#platform/database/database'
import { wordsOf } from '#platform/fault'
import type { Vault } from '#platform/vault/vault'
import { nextTry } from '../domain/retry.ts'
import { MailFault, type Transport } from '../transport/transport.ts'
import type { Compose, Composed } from './compose.ts'
import { claimDue, finishMails, keepMail, nextDue, postponeMail, type WaitingMail } from './mail-store.ts'

export interface SenderParts {
  readonly database: Database
  readonly unitOfWork: UnitOfWork
  readonly vault: Vault
  readonly clock: Clock
  readonly compose: Compose
  /** Absent: mails are kept, to be read in development. */
  readonly transport?: Transport | undefined
  readonly onError: (error: unknown) => void
}

/** Milliseconds: beyond what owners and server are waited for together. */
const LEASE_MS = 90_000
const AT_ONCE = 16

export interface Sender extends AsyncDisposable {
  /** A transaction is about to commit a mail that is due at once: the sender looks for it until it is there. */
  soon(): void
}

/** Milliseconds: how long after `soon` rows may still be on their way, and how often they are looked for until then. */
const ON_THEIR_WAY_MS = 5_000
const LOOK_EVERY_MS = 100

export function startSender(parts: SenderParts): Sender {
  let lookUntil = 0
  let isStopping = false
  const alarm: Alarm = startAlarm(async () => {
    await sendDue(parts, () => isStopping)
    const next = await nextDue(parts.database)
    if (Date.now() > lookUntil) return next
    return new Date(Math.min(next?.getTime() ?? Number.POSITIVE_INFINITY, Date.now() + LOOK_EVERY_MS))
  }, parts.onError)
  return {
    soon() {
      lookUntil = Date.now() + ON_THEIR_WAY_MS
      alarm.expect(new Date(Date.now() + LOOK_EVERY_MS / 10))
    },
    [Symbol.asyncDispose]() {
      isStopping = true
      return alarm[Symbol.asyncDispose]()
    },
  }
}

/** Sends the mails that are due, until none is left or the service stops; the next start sends the rest. Returns how many were tried. */
export async function sendDue(parts: SenderParts, isStopping = () => false): Promise<number> {
  for (let count = 0; ; ) {
    const now = parts.clock.now()
    const due = await claimDue(parts.database, now, new Date(now.getTime() + LEASE_MS), AT_ONCE)
    const dropped = (await Promise.all(due.map((mail) => sendOne(parts, mail)))).filter((one) => one !== undefined)
    await finishMails(parts.database, dropped, parts.clock.now())
    count += due.length
    if (due.length < AT_ONCE || isStopping()) return count
  }
}

/** Resolves to the mail when it is to be dropped. */
async function sendOne(parts: SenderParts, mail: WaitingMail) {
  try {
    const composed = await parts.compose(mail)
    if (typeof composed === 'string') return { id: mail.id, status: 'dropped', reason: composed } as const
    await deliver(parts, mail, composed)
  } catch (error) {
    parts.onError(error)
    await putOff(parts, mail, error)
  }
  return undefined
}

async function deliver({ database, vault, clock, transport }: SenderParts, mail: WaitingMail, composed: Composed) {
  if (transport) {
    // two mails about one event, such as a reminder, count separately
    await transport.send(composed.mail, composed.to, `${mail.message.message_id}.${mail.kind}`)
    return finishMails(database, [{ id: mail.id, status: 'sent', reason: null }], clock.now())
  }
  const { subject, text, html } = composed.mail
  const kept = { to: composed.to.address, subject, text, html }
  await database.transaction((tx) => keepMail(tx, vault, mail.id, kept, clock.now()))
}

async function putOff({ database, unitOfWork, clock }: SenderParts, mail: WaitingMail, error: unknown) {
  const now = clock.now()
  const attempts = mail.tries + 1
  const reason = wordsOf(error)
  const again = error instanceof MailFault && error.isFinal ? undefined : nextTry(attempts, now)
  if (again) return postponeMail(database, mail.id, again, reason)
  const { subscription, message } = mail
  await unitOfWork(async (tx) => {
    await park(tx, { subscription, message, reason, attempts })
    await finishMails(tx, [{ id: mail.id, status: 'dead', reason }], now)
  })
}
