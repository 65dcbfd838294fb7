/** The SQL of notices, which avisos-service sends: address and words stay sealed until it asks. */
import type { Queryable, Tx } from '#platform/database/database'
import type { SealedTable } from '#platform/vault/reseal-store'
import type { Vault } from '#platform/vault/vault'
import type { Notice, NoticeContent } from '../domain/notice.ts'

const SEALED = { name: 'notices', key: 'id', columns: ['email', 'content'] } as const satisfies SealedTable

export const sealedNotices: SealedTable = SEALED

export async function insertNotice(
  tx: Tx,
  vault: Vault,
  { handle, kind, email, content, expires_at }: Notice,
  address: string,
  now: Date,
): Promise<void> {
  const [sealer, [next]] = await Promise.all([
    vault.sealing(tx),
    tx.query<{ id: number }>(`select nextval(pg_get_serial_sequence('notices', 'id')) as id`),
  ])
  if (!next) throw new Error('the sequence has no number')
  const sealed = sealer.sealAll(SEALED.name, next.id, { email, content: JSON.stringify(content) })
  await tx.query(
    `insert into notices (id, handle, kind, address_fingerprint, email, content, created_at, expires_at)
     overriding system value values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [next.id, handle, kind, address, sealed.email, sealed.content, now, expires_at],
  )
}

export async function findNotice(tx: Queryable, vault: Vault, handle: string): Promise<Notice | undefined> {
  const [row] = await tx.query<{
    id: number
    handle: string
    kind: Notice['kind']
    email: string
    content: string
    expires_at: Date
  }>(`select id, handle, kind, email, content, expires_at from notices where handle = $1`, [handle])
  if (!row) return undefined
  const { id, email, content, ...rest } = row
  const open = await vault.openAll(SEALED.name, id, { email, content })
  return { ...rest, email: open.email, content: JSON.parse(open.content) as NoticeContent }
}

/** How many mails an address was to get since then, so that strangers cannot fill a mailbox. */
export async function countNotices(tx: Queryable, address: string, since: Date): Promise<number> {
  const [row] = await tx.query<{ sent: number }>(
    `select count(*) as sent from notices where address_fingerprint = $1 and created_at >= $2`,
    [address, since],
  )
  return row?.sent ?? 0
}

/** A chore. */
export const removeOldNotices = async (database: Queryable, before: Date, limit: number): Promise<number> =>
  (
    await database.query(
      `delete from notices where id in (
         select id from notices where expires_at < $1 order by expires_at limit $2 for update skip locked)
       returning 1 as removed`,
      [before, limit],
    )
  ).length
