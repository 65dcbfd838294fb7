/** Sends mails by the server that SMTP_URL names. Without one they are kept, to be read in development. */
import { createTransport } from 'nodemailer'
import { Fault } from '#platform/fault'
import { oneLine, type Written } from '../domain/letter.ts'

export interface Transport extends Disposable {
  /** Rejects with MailFault. `id` is always the same for a mail, so that servers and readers recognise a copy. */
  send(mail: Written, to: { readonly name?: string | undefined; readonly address: string }, id: string): Promise<void>
}

export class MailFault extends Fault {
  /** The server will never take it: the address does not exist, or the mail itself is refused. */
  readonly isFinal: boolean
  constructor(words: string, isFinal: boolean, cause: unknown) {
    super(words, { cause })
    this.isFinal = isFinal
  }
}

/** Milliseconds that a server may be silent. */
const CONNECT_WITHIN_MS = 10_000
const SILENCE_MS = 20_000

export function smtpTransport(
  url: string,
  from: string,
  patience = { connect: CONNECT_WITHIN_MS, silence: SILENCE_MS },
): Transport {
  const server = new URL(url)
  for (const [name, value] of Object.entries({
    connectionTimeout: patience.connect,
    greetingTimeout: patience.connect,
    socketTimeout: patience.silence,
    disableFileAccess: true,
    disableUrlAccess: true,
  }))
    server.searchParams.set(name, String(value))
  const transporter = createTransport(server.href)
  const domain = /@([^>\s]+)>?$/.exec(from)?.[1] ?? 'localhost'

  return {
    async send({ subject, text, html, unsubscribe }, { name, address }, id) {
      const to = name ? { name: oneLine(name), address } : address
      const list = unsubscribe && {
        'List-Unsubscribe': `<${unsubscribe}>`,
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      }
      const headers = { 'Auto-Submitted': 'auto-generated', ...list }
      try {
        await transporter.sendMail({ from, to, subject, text, html, headers, messageId: `<${id}@${domain}>` })
      } catch (cause) {
        throw faultOf(cause)
      }
    },
    [Symbol.dispose]() {
      transporter.close()
    },
  }
}

/** A server's words may repeat the address, so only its number is kept. */
function faultOf(cause: unknown): MailFault {
  const { responseCode, code } = cause as { responseCode?: number; code?: string }
  const isFinal = responseCode !== undefined && responseCode >= 500 && code !== 'EAUTH' && code !== 'ECONNECTION'
  const words = responseCode ? `the mail server answered ${responseCode}` : `the mail server: ${code ?? 'no answer'}`
  return new MailFault(words, isFinal, undefined)
}
