/** How statements are called in traces. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nameOf } from './exchange-span.ts'

for (const [text, name] of [
  ['begin', 'begin'],
  ['commit', 'commit'],
  ['select id, price from vehicles where id = $1 for update', 'select vehicles'],
  ['select id from outbox order by id limit $1 for update skip locked', 'select outbox'],
  ['select pg_notify($1, $2)', 'select'],
  ['insert into outbox (id, messages) values ($1, $2)', 'insert outbox'],
  ['insert into holds (id) values ($1) on conflict (id) do update set at = now()', 'insert holds'],
  [
    'with w0 as (update vehicles set status = $1) insert into outbox (id) values ($2)',
    'update vehicles, insert outbox',
  ],
  [
    'with due as materialized (select id from deliveries for update skip locked) update deliveries d set a = 1',
    'update deliveries',
  ],
  ['', 'empty'],
] as const) {
  test(`"${text.slice(0, 60)}" is called ${name}`, () => assert.equal(nameOf(text), name))
}
