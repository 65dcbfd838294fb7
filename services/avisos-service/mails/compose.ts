/** From an event to a mail: asks its owner, writes the letter; or says that there is nothing to tell any more. */
import type { Clock } from '#platform/clock'
import { accountLetter } from '../domain/account-letters.ts'
import { type Written, written } from '../domain/letter.ts'
import type { Owners } from '../owners/owners.ts'
import type { WaitingMail } from './mail-store.ts'

export interface Composed {
  readonly mail: Written
  readonly to: { readonly name?: string | undefined; readonly address: string }
}

/** A word that says why nothing is told. */
type Dropped = 'gone' | 'too late' | 'unknown kind'

export type Compose = (mail: WaitingMail) => Promise<Composed | Dropped>

export interface ComposeParts {
  readonly owners: Owners
  readonly clock: Clock
  readonly origin: string
}

export const ACCOUNT = 'account'

export const composer =
  (parts: ComposeParts): Compose =>
  async (mail) => {
    if (mail.kind === ACCOUNT) return ofAccount(parts, mail.message.transaction_id)
    return 'unknown kind'
  }

async function ofAccount({ owners, clock, origin }: ComposeParts, id: string): Promise<Composed | Dropped> {
  const notice = await owners.notice(id)
  if (!notice) return 'gone'
  if (Date.parse(notice.expires_at) <= clock.now().getTime()) return 'too late'
  const letter = accountLetter(notice, origin)
  if (!letter) return 'unknown kind'
  return { mail: written(letter), to: { name: letter.to, address: notice.email } }
}
