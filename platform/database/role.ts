/**
 * The role by which a service works in its database. It owns no table: an attacker who makes the service run a statement of
 * theirs cannot drop a trigger, widen a grant or empty a table. The owner, who migrates, is another role.
 */
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto'
import pg from 'pg'
import type { Database, Queryable, Tx } from './database.ts'

type Privilege = 'select' | 'insert' | 'update' | 'delete'

/** The role's rights: everything with rows, except in the tables that are named. */
export interface Narrow {
  readonly tables: Readonly<Record<string, readonly Privilege[]>>
  /** Functions that delete, under rules of their own, rows that the role may not delete: `name(type, …)`. */
  readonly functions: readonly string[]
}

const ROWS: readonly Privilege[] = ['select', 'insert', 'update', 'delete']
const READ: readonly Privilege[] = ['select']
const MIGRATIONS = { migrations: ['select'] } as const

/** Replicas that start together grant one after the other. */
const LOCK = `select pg_advisory_xact_lock(hashtext('grants'))`

/**
 * Makes the role, lets it work in the database of `owner`, and returns its URL. Its password is derived from the owner's, so
 * that all processes know it and none stores it. Undefined where the owner may not make roles, or has no password.
 */
export async function makeRole(owner: string, database: Database, narrow: Narrow): Promise<string | undefined> {
  const url = new URL(owner)
  if (url.password === '' || !(await mayMakeRoles(database))) return undefined
  const name = `${decodeURIComponent(url.pathname.slice(1))}_app`
  const password = createHmac('sha256', decodeURIComponent(url.password)).update(`role ${name}`).digest('base64url')
  url.username = encodeURIComponent(name)
  url.password = password
  if (!(await canEnter(url.href)))
    await database.transaction(async (tx) => {
      await tx.query(LOCK)
      const [there] = await tx.query('select from pg_roles where rolname = $1', [name])
      const verb = there ? 'alter' : 'create'
      await tx.query(`${verb} role ${quoted(name)} login password '${verifierOf(password)}'`)
      await grantConnection(tx, name)
    })
  await grantWork(database, name, narrow)
  return url.href
}

/** Lets an existing role work in the database; called as the owner. Does nothing when nothing is missing. */
export async function grantWork(database: Database, role: string, narrow: Narrow): Promise<void> {
  if ((await missingGrants(database, role, narrow)).length === 0) return
  await database.transaction(async (tx) => {
    await tx.query(LOCK)
    for (const statement of await missingGrants(tx, role, narrow)) await tx.query(statement)
  })
}

async function mayMakeRoles(database: Queryable): Promise<boolean> {
  const [me] = await database.query<{ may: boolean }>(
    'select rolsuper or rolcreaterole as may from pg_roles where rolname = current_user',
  )
  return me?.may ?? false
}

/** No other role may even connect: the roles of other services are on the same server. */
async function grantConnection(tx: Tx, role: string): Promise<void> {
  const [here] = await tx.query<{ name: string }>('select current_database() as name')
  const name = quoted(here?.name ?? '')
  await tx.query(`revoke connect, temporary on database ${name} from public`)
  await tx.query(`grant connect on database ${name} to ${quoted(role)}`)
}

interface Held {
  readonly name: string
  readonly privileges: readonly Privilege[]
  /** Views of other tables: they are read with the rights of their owner. */
  readonly is_view: boolean
}

/** The statements that turn the rights it has into the rights it may have. */
async function missingGrants(tx: Queryable, role: string, { tables, functions }: Narrow): Promise<string[]> {
  const to = quoted(role)
  const statements: string[] = []
  const [schema] = await tx.query<{ has: boolean }>(`select has_schema_privilege($1::text, 'public', 'usage') as has`, [
    role,
  ])
  if (!schema?.has) statements.push(`grant usage on schema public to ${to}`)
  const narrow: Narrow['tables'] = { ...tables, ...MIGRATIONS }
  for (const { name, privileges, is_view } of await heldOnTables(tx, role)) {
    const wanted = narrow[name] ?? (is_view ? READ : ROWS)
    if (wanted.length === privileges.length && wanted.every((one) => privileges.includes(one))) continue
    statements.push(`revoke all on table public.${quoted(name)} from ${to}`)
    statements.push(`grant ${wanted.join(', ')} on table public.${quoted(name)} to ${to}`)
  }
  for (const { name } of await sequencesWithout(tx, role))
    statements.push(`grant usage, select on sequence public.${quoted(name)} to ${to}`)
  for (const name of functions) {
    const [found] = await tx.query<{ has: boolean }>(
      `select has_function_privilege($1::text, $2::text, 'execute') as has`,
      [role, name],
    )
    if (!found?.has) statements.push(`grant execute on function ${name} to ${to}`)
  }
  return statements
}

const heldOnTables = (tx: Queryable, role: string) =>
  tx.query<Held>(
    `select relname as name, array_remove(array[
       case when has_table_privilege($1::text, oid, 'select') then 'select' end,
       case when has_table_privilege($1::text, oid, 'insert') then 'insert' end,
       case when has_table_privilege($1::text, oid, 'update') then 'update' end,
       case when has_table_privilege($1::text, oid, 'delete') then 'delete' end], null) as privileges, relkind = 'v' as is_view
     from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v') order by relname`,
    [role],
  )

const sequencesWithout = (tx: Queryable, role: string) =>
  tx.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace
     and case when relkind = 'S' then not has_sequence_privilege($1::text, oid, 'usage') end order by relname`,
    [role],
  )

async function canEnter(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    return true
  } catch (error) {
    // a wrong password, no such role, or one that may not connect
    if (error instanceof pg.DatabaseError && /^(28|42501)/.test(error.code ?? '')) return false
    throw error
  } finally {
    await client.end()
  }
}

const ROUNDS = 4_096

/** The verifier that PostgreSQL stores (RFC 5803): so the password is in no statement, and in no log of statements. */
function verifierOf(password: string): string {
  const salt = createHash('sha256').update(`salt ${password}`).digest().subarray(0, 16)
  const salted = pbkdf2Sync(password, salt, ROUNDS, 32, 'sha256')
  const keyOf = (what: string) => createHmac('sha256', salted).update(what).digest()
  const stored = createHash('sha256').update(keyOf('Client Key')).digest('base64')
  return `SCRAM-SHA-256$${ROUNDS}:${salt.toString('base64')}$${stored}:${keyOf('Server Key').toString('base64')}`
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`
