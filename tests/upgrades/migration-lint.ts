/**
 * Checks what a migration must not do while the previous release serves: hold a table for long, or remove something that this
 * release uses. It reads SQL by its words, which is enough for plainly written migrations.
 */

interface Rule {
  readonly wrong: RegExp
  /** Except where this is said too. */
  readonly unless?: RegExp
  readonly say: string
}

/** Of one statement, in lower case, with single spaces and without comments and texts. */
const RULES: readonly Rule[] = [
  {
    wrong: /^create (unique )?index (?!concurrently)/,
    say: 'an index of a table that is in use is built `concurrently`, in a file that runs outside a transaction',
  },
  {
    wrong: /^drop index (?!concurrently)/,
    say: 'an index is dropped `concurrently`, in a file that runs outside a transaction',
  },
  {
    wrong: /add column [^,]*\bnot null\b/,
    unless: /add column [^,]*\bnot null\b[^,]*\bdefault\b|add column [^,]*\bdefault\b[^,]*\bnot null\b/,
    say: 'a column that may not be null needs a default: the release before does not fill it',
  },
  {
    wrong: /add column [^,]*\b(generated always as (?!identity)|(big|small)?serial\b|generated [a-z ]* as identity)/,
    say: 'a generated or counting column rewrites the whole table',
  },
  {
    wrong: /add column [^,]*\bdefault\b[^,]*\b(random|gen_random_uuid|clock_timestamp|uuidv7|nextval|timeofday)\b/,
    say: 'a default that differs from row to row rewrites the whole table',
  },
  {
    wrong: /alter (column )?[\w"]+ (set data )?type\b/,
    say: 'another type rewrites the table: add a column beside the old one',
  },
  {
    wrong: /\bset not null\b/,
    say: 'all rows are read under lock: `add constraint … check (… is not null) not valid`, later `validate constraint`',
  },
  {
    wrong: /\badd (constraint [\w"]+ )?(check|foreign key)\b/,
    unless: /\bnot valid\b/,
    say: 'all rows are read under lock: add it `not valid`, and `validate constraint` in a file after it',
  },
  {
    wrong: /\badd (constraint [\w"]+ )?(unique|primary key)\b/,
    unless: /\busing index\b/,
    say: 'an index is built under lock: build it concurrently, then add the constraint `using index`',
  },
  {
    wrong: /\badd column [^,]*\b(references|unique|primary key)\b/,
    say: 'a constraint that comes with a column is checked under lock: add it apart, `not valid` or `using index`',
  },
  {
    wrong: /^(update|delete from|merge into)\b/,
    say: 'rows are changed in small batches by the release itself, not all at once by a migration',
  },
  {
    wrong:
      /^(lock|truncate|cluster|reindex (?!.*concurrently)|vacuum full|refresh materialized view (?!concurrently))\b/,
    say: 'this keeps everybody from the table for as long as it takes',
  },
  {
    wrong:
      /\b(drop (column|constraint|default)|rename (to|column|constraint)|add column .* rename)\b|^drop (table|view|function|type)\b/,
    say: 'the release before may use this: it goes in a file named `…_contract_….sql`, once no release does',
  },
]

const CONTRACT = /^\d{4}_contract_/
const OUTSIDE = /^-- outside a transaction\b/
const TAKES_AWAY = RULES.at(-1)

/** A line for each fault of the file, in the order of its statements. */
export function lintMigration(file: string, text: string): string[] {
  const statements = text
    .split(/;\s*(?:\n|$)/)
    .map(plain)
    .filter(Boolean)
  const fresh = new Set(statements.flatMap((one) => /^create table (?:if not exists )?([\w"]+)/.exec(one)?.[1] ?? []))
  const faults = statements.flatMap((statement) => faultsOf(statement, fresh, CONTRACT.test(file)))
  return [...faults, ...faultsOfFile(statements, OUTSIDE.test(text))].map((fault) => `${file}: ${fault}`)
}

const plain = (sql: string) =>
  sql
    .replace(/--.*/g, ' ')
    .replace(/\$(\w*)\$[\s\S]*?\$\1\$/g, "''")
    .replace(/'(?:[^']|'')*'/g, "''")
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase()

/** A table that the same file makes is not in use yet. */
function faultsOf(statement: string, fresh: ReadonlySet<string>, isContract: boolean): string[] {
  const [, table = ''] =
    /^(?:alter table (?:if exists )?(?:only )?|create (?:unique )?index .*? on )([\w"]+)/.exec(statement) ?? []
  if (fresh.has(table)) return []
  return RULES.filter(({ wrong, unless }) => wrong.test(statement) && !unless?.test(statement))
    .filter((rule) => !(isContract && rule === TAKES_AWAY))
    .map(({ say }) => `\`${statement.slice(0, 60)}\`: ${say}`)
}

function faultsOfFile(statements: readonly string[], isOutside: boolean): string[] {
  const faults: string[] = []
  const concurrent = statements.filter((one) => /\bconcurrently\b/.test(one))
  if (concurrent.length > 0 && !isOutside)
    faults.push('`concurrently` needs `-- outside a transaction` as the first line')
  if (isOutside && concurrent.length < statements.length)
    faults.push(
      'outside a transaction stands nothing but what is done concurrently: a crash in the middle leaves half of it',
    )
  for (const [at, statement] of statements.entries()) {
    const [, name] = /^create (?:unique )?index concurrently (?:if not exists )?([\w"]+)/.exec(statement) ?? []
    if (name && statements[at - 1] !== `drop index concurrently if exists ${name}`)
      faults.push(
        `\`drop index concurrently if exists ${name}\` comes before: a crash leaves an index that is not valid`,
      )
  }
  const isUnchecked = statements.some((one) => /\bnot valid\b/.test(one))
  if (isUnchecked && statements.some((one) => /\bvalidate constraint\b/.test(one)))
    faults.push('`validate constraint` in the transaction that adds it keeps the lock: it belongs in a file of its own')
  return faults
}
