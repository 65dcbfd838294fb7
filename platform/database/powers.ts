/**
 * What a role could do to append-only tables beyond adding rows. It is asked on the connection that a service works by,
 * because the role may come from somebody else's script, and may have been granted too much.
 */
import type { Queryable } from './database.ts'
import type { Narrow } from './role.ts'

/** Why the connection's own user could rewrite those tables, as in `is a superuser`; empty when it could not. */
export async function powersOver(database: Queryable, { tables }: Pick<Narrow, 'tables'>): Promise<string[]> {
  const powers = [...(await powersOfRole(database)), ...(await powersOfOwner(database))]
  for (const { name, privileges } of await privilegesOn(database, Object.keys(tables))) {
    const more = privileges.filter((one) => !tables[name]?.some((granted) => granted === one))
    if (more.length > 0) powers.push(`may ${more.join(' and ')} in ${name}`)
  }
  return powers
}

/** Membership counts even when it is not used: a member of a role becomes that role by `set role`. */
async function powersOfRole(database: Queryable): Promise<string[]> {
  const found = await database.query<{ name: string; is_me: boolean; rolsuper: boolean }>(
    `select rolname as name, rolname = current_user as is_me, rolsuper from pg_roles
     where pg_has_role(current_user, oid, 'member')
     and (rolsuper or rolcreaterole or rolname in ('pg_execute_server_program', 'pg_write_server_files'))
     and (rolname = current_user or not (select rolsuper from pg_roles where rolname = current_user))
     order by rolname`,
  )
  return found.map(({ name, is_me, rolsuper }) => {
    if (!is_me) return `is a member of ${name}`
    return rolsuper ? 'is a superuser' : 'may make roles'
  })
}

/** Whoever owns a schema can drop its tables, and whoever owns a trigger's function can make it do nothing. */
async function powersOfOwner(database: Queryable): Promise<string[]> {
  const found = await database.query<{ power: string }>(
    `select 'owns the database' as power from pg_database
     where datname = current_database() and pg_has_role(current_user, datdba, 'member')
     union all
     select 'owns the schema' from pg_namespace where nspname = 'public' and pg_has_role(current_user, nspowner, 'member')
     union all
     select 'owns tables' where exists (
       select from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
       and pg_has_role(current_user, relowner, 'member'))
     union all
     select 'owns functions of triggers' where exists (
       select from pg_trigger join pg_proc on pg_proc.oid = tgfoid
       where not tgisinternal and pg_has_role(current_user, proowner, 'member'))`,
  )
  return found.map(({ power }) => power)
}

/** One column is enough to change what an entry says. */
const privilegesOn = (database: Queryable, tables: readonly string[]) =>
  database.query<{ name: string; privileges: string[] }>(
    `select relname as name, array_remove(array[
       case when has_any_column_privilege(oid, 'insert') then 'insert' end,
       case when has_any_column_privilege(oid, 'update') then 'update' end,
       case when has_table_privilege(oid, 'delete') then 'delete' end,
       case when has_table_privilege(oid, 'truncate') then 'truncate' end,
       case when has_table_privilege(oid, 'trigger') then 'trigger' end], null) as privileges
     from pg_class where relnamespace = 'public'::regnamespace and relname = any($1::text[]) order by relname`,
    [tables],
  )
