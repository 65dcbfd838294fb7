/** Migrations hold no long lock and remove nothing that the previous release uses; planted faults prove that the check works. */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { test } from 'node:test'
import { lintMigration } from './migration-lint.ts'

const ROOT = new URL('../../', import.meta.url).pathname
/** The last files from before the first release, when there was nothing to upgrade. */
const BEGINNING: Readonly<Record<string, string>> = {
  'messaging/migrations': '0009',
  'services/cliente-service/migrations': '0005',
  'services/veiculo-service/migrations': '0006',
  'services/pagamento-service/migrations': '0007',
  'services/identidade-service/migrations': '0002',
  'services/avisos-service/migrations': '0001',
  'services/orquestrador/migrations': '0007',
}

test('every migration since the first release leaves the release before it in peace', () => {
  const files = globSync('{messaging,services/*}/migrations/*.sql', { cwd: ROOT })
  assert.ok(files.length > 15, `only ${files.length} were seen`)
  for (const file of files) assert.ok(dirname(file) in BEGINNING, `${file}: its folder has no beginning`)
  const young = files.filter((file) => basename(file).slice(0, 4) > (BEGINNING[dirname(file)] ?? ''))
  assert.deepEqual(
    young.flatMap((file) => lintMigration(basename(file), readFileSync(`${ROOT}${file}`, 'utf8'))),
    [],
  )
})

const HARMFUL: readonly (readonly [sql: string, said: RegExp, file?: string])[] = [
  ['create index a on sagas (status)', /concurrently/],
  ['create unique index a on sagas (status)', /concurrently/],
  ['drop index a', /concurrently/],
  ['alter table sagas add column a int not null', /needs a default/],
  ['alter table sagas add column b text, add column a int not null', /needs a default/],
  ['alter table sagas add column a int generated always as (attempt + 1) stored', /rewrites/],
  ['alter table sagas add column a uuid default gen_random_uuid()', /rewrites/],
  ['alter table sagas add column a bigserial', /rewrites/],
  ['alter table sagas alter column attempt type bigint', /another type/],
  ['alter table sagas alter attempt set data type bigint', /another type/],
  ['alter table sagas alter column reason set not null', /not valid/],
  ['alter table sagas add constraint a check (attempt > 0)', /not valid/],
  ['alter table sagas add check (attempt > 0)', /not valid/],
  ['alter table sagas add constraint a foreign key (b) references c', /not valid/],
  ['alter table sagas add column b bigint references c', /add it apart/],
  ['alter table sagas add constraint a unique (b)', /using index/],
  ['alter table sagas add primary key (b)', /using index/],
  ["update sagas set status = 'NEW'", /small batches/],
  ['delete from saga_history', /small batches/],
  ['truncate saga_history', /keeps everybody/],
  ['lock table sagas', /keeps everybody/],
  ['alter table sagas drop column data', /release before/],
  ['alter table sagas rename column data to facts', /release before/],
  ['alter table sagas rename to purchases', /release before/],
  ['drop table saga_history', /release before/],
  ['drop index concurrently a', /first line/],
  ['-- outside a transaction\ncreate index concurrently a on sagas (status)', /drop index concurrently if exists a/],
  ['-- outside a transaction\nalter table sagas add column a int', /nothing but what is done concurrently/],
  [
    'alter table sagas add constraint a check (attempt > 0) not valid;\nalter table sagas validate constraint a',
    /a file of its own/,
  ],
]

test('a statement that would hold a table or break the previous release is found, each with its own message', () => {
  for (const [sql, said, file = '0100_change.sql'] of HARMFUL) {
    const faults = lintMigration(file, `${sql};\n`)
    assert.equal(faults.length, 1, `${sql}: ${faults.join('; ')}`)
    assert.match(faults[0] ?? '', said)
  }
})

const HARMLESS: readonly (readonly [file: string, sql: string])[] = [
  ['0100_new.sql', 'create table a (id bigint primary key, b int not null check (b > 0));\ncreate index a_b on a (b)'],
  ['0100_wider.sql', 'alter table sagas add column a text'],
  ['0100_wider.sql', "alter table sagas add column a text not null default ''"],
  ['0100_wider.sql', 'alter table sagas add column a timestamptz not null default now()'],
  ['0100_check.sql', 'alter table sagas add constraint a check (attempt > 0) not valid'],
  ['0101_check.sql', 'alter table sagas validate constraint a'],
  [
    '0100_index.sql',
    '-- outside a transaction\ndrop index concurrently if exists a;\ncreate index concurrently a on sagas (status)',
  ],
  ['0101_unique.sql', 'alter table sagas add constraint a unique using index a'],
  ['0102_contract_old_column.sql', 'alter table sagas drop column data'],
  ['0103_words.sql', "comment on table sagas is 'drop table; update sagas'"],
  ['0104_function.sql', 'create function a() returns int language sql as $$ delete from saga_history returning 1 $$'],
]

test('a migration may expand, and may contract where it says so', () => {
  for (const [file, sql] of HARMLESS) assert.deepEqual(lintMigration(file, `${sql};\n`), [], sql)
})
