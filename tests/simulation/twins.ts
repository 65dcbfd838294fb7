/**
 * The stores that are in memory while the simulation runs. A twin names its store by the path of its types:
 * `import type * as real from '../../services/…-store.ts'`. Every store that the simulation reaches must have a twin, or a reason here.
 */
import { globSync, readFileSync } from 'node:fs'

/** Stores that stay real although a simulated service loads them: by path, with the reason why nothing uses them. */
const REAL: Readonly<Record<string, string>> = {
  'services/orquestrador/purchases/sale-store.ts':
    'it narrows the lists that sellers see, and the simulation lists nothing',
}

const twins = new Map<string, string>()
for (const file of globSync('memory-*.ts', { cwd: import.meta.dirname })) {
  const text = readFileSync(new URL(file, import.meta.url), 'utf8')
  const [, path] = /^import type \* as real from '\.\.\/\.\.\/(.+)'$/m.exec(text) ?? []
  if (!path) throw new Error(`tests/simulation/${file} does not say whose twin it is`)
  twins.set(path, new URL(file, import.meta.url).href)
}

/** The twin's address, of a file that has or needs one; `path` as from the root of the repository. */
export function twinOf(path: string, reasons = REAL): string | undefined {
  const twin = twins.get(path)
  if (twin || !/^services\/.*-store\.ts$/.test(path) || reasons[path]) return twin
  throw new Error(
    `${path} would speak to PostgreSQL in the simulation: make its twin, tests/simulation/memory-….ts, or say why not in twins.ts`,
  )
}
