/** Tells an account's owner by mail that something about their account has changed. */
import { openPerson } from '../accounts/account-store.ts'
import type { NoticeKind } from '../domain/notice.ts'
import { tell } from '../notices/notices.ts'
import type { RouteParts } from './parts.ts'

const TELL_WITHIN_MS = 86_400_000

/** `to`: another address than the account's own, as the one before. */
export async function announce(parts: RouteParts, user_id: string, kind: NoticeKind, to?: string): Promise<void> {
  const { unitOfWork, clock } = parts
  await unitOfWork(async (tx, send) => {
    const now = clock.now()
    const email = to ?? (await openPerson(tx, parts, user_id))?.email
    if (email === undefined) return
    await tell(tx, send, parts, { kind, email, content: {}, expires_at: new Date(now.getTime() + TELL_WITHIN_MS) }, now)
  })
}
