/**
 * `npm run audit:dependencies`: asks the registry for known holes in the locked packages. The exit code is 1 when there is one that
 * accepted-advisories.json does not accept. An exception has a reason, a date, and an end, after which it no longer counts.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { ROOT } from './lock-file.ts'

const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })
const Acceptance = Type.Object(
  {
    /** GHSA-…, as its address ends. */
    advisory: Type.String({ pattern: '^GHSA(-[0-9a-z]{4}){3}$' }),
    package: Type.String({ minLength: 1 }),
    reason: Type.String({ minLength: 40 }),
    accepted_on: Day,
    until: Day,
  },
  { additionalProperties: false },
)
export type Acceptance = Type.Static<typeof Acceptance>

export interface Advisory {
  readonly advisory: string
  readonly package: string
  readonly severity: string
  readonly title: string
}

export type Audit = { readonly found: readonly Advisory[] } | { readonly unreachable: string }

const ACCEPTED = new URL('accepted-advisories.json', import.meta.url)

/** Throws when an entry lacks its reason or its dates. */
export const acceptances = (): Acceptance[] =>
  Value.Parse(Type.Array(Acceptance), JSON.parse(readFileSync(ACCEPTED, 'utf8')))

export function audit(): Audit {
  const { stdout, stderr, error } = spawnSync('npm', ['audit', '--json', '--package-lock-only'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  return error ? { unreachable: error.message } : reportOf(stdout || '{}', stderr)
}

/** npm's answer in any of its forms: a report, or the reason why there is none. */
export function reportOf(stdout: string, stderr = ''): Audit {
  const said = JSON.parse(stdout)
  if (!said.vulnerabilities)
    return { unreachable: said.message ?? said.error?.summary ?? (stderr.trim() || 'npm said nothing') }
  const found = Object.entries(said.vulnerabilities as Record<string, { via: readonly (string | Via)[] }>).flatMap(
    ([name, { via }]) =>
      via.flatMap((one) =>
        // a text names another entry that affects this one
        typeof one === 'string'
          ? []
          : [
              {
                advisory: one.url.split('/').at(-1) ?? one.url,
                package: name,
                severity: one.severity,
                title: one.title,
              },
            ],
      ),
  )
  return { found }
}

interface Via {
  readonly url: string
  readonly severity: string
  readonly title: string
}

/** Those that no valid exception covers. `today`: in the file's form. */
export const unargued = (
  found: readonly Advisory[],
  accepted: readonly Acceptance[],
  today: string,
): readonly Advisory[] =>
  found.filter(
    (one) =>
      !accepted.some(
        (entry) => entry.advisory === one.advisory && entry.package === one.package && today <= entry.until,
      ),
  )

if (import.meta.main) {
  const report = audit()
  if ('unreachable' in report) {
    console.error(`The registry could not be asked: ${report.unreachable}`)
    process.exit(2)
  }
  const open = unargued(report.found, acceptances(), new Date().toISOString().slice(0, 10))
  for (const one of open) console.error(`${one.severity}: ${one.package}: ${one.title} (${one.advisory})`)
  console.log(`${report.found.length} known holes, ${open.length} of them not argued away`)
  process.exit(open.length > 0 ? 1 : 0)
}
