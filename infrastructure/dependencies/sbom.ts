/**
 * `npm run -s sbom`: prints a CycloneDX list of everything that runs in production, with checksums and licences, as npm reads
 * it from package-lock.json; with `--all`, of the tools too. For people who must know within the hour whether a hole affects us.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { READ_LICENCES, ROOT } from './lock-file.ts'

interface Bill {
  readonly metadata: { readonly component: object }
  readonly components: readonly {
    readonly 'bom-ref': string
    readonly licenses?: readonly object[]
    readonly properties?: readonly { readonly name: string }[]
  }[]
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[]
}

export function sbom({ all = false } = {}): object {
  const words = ['sbom', '--sbom-format=cyclonedx', '--sbom-type=application', '--package-lock-only']
  const text = execFileSync('npm', words, {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 2 ** 26,
  })
  const bill: Bill = JSON.parse(text)
  const { name } = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8'))
  const named = { ...bill, metadata: { ...bill.metadata, component: { ...bill.metadata.component, name } } } // npm takes the folder's
  const whole = { ...named, components: named.components.map(withReadLicence) }
  return all ? whole : withoutTools(whole)
}

/** npm leaves out a licence that it does not know. */
function withReadLicence(component: Bill['components'][number]): Bill['components'][number] {
  const id = READ_LICENCES[component['bom-ref']]
  return id ? { ...component, licenses: [{ license: { id } }] } : component
}

/** `--omit=dev` is not used, because npm 11 then also leaves out packages that a tool needs too, such as `pg`. */
function withoutTools(bill: Bill): Bill {
  const isTool = ({ properties = [] }: Bill['components'][number]) =>
    properties.some(({ name }) => name === 'cdx:npm:package:development')
  const tools = new Set(bill.components.filter(isTool).map((one) => one['bom-ref']))
  return {
    ...bill,
    components: bill.components.filter((one) => !tools.has(one['bom-ref'])),
    dependencies: bill.dependencies
      .filter(({ ref }) => !tools.has(ref))
      .map((one) => ({ ...one, dependsOn: one.dependsOn.filter((ref) => !tools.has(ref)) })),
  }
}

if (import.meta.main) console.log(JSON.stringify(sbom({ all: process.argv.includes('--all') }), undefined, 2))
