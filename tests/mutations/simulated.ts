/** The files that the simulation runs. It cannot notice a mutation of any other file, so it is not asked about those. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
/** Imports of types alone do not count, because they are erased. */
const IMPORTS = /(?:import|export)(?! type)[^;'"]*? from '([^']+)'|import\('([^']+)'\)/g
/** Twins in memory replace these files, or nothing does. */
const REPLACED = /-store\.ts$|^messaging\/(pubsub|outbox\/(?!unit-of-work))/

/** Found by following the imports of its main program. */
export function simulatedFiles(): ReadonlySet<string> {
  const seen = new Set<string>()
  const waiting = ['tests/simulation/main.ts', 'tests/simulation/worker.ts']
  for (let file = waiting.pop(); file; file = waiting.pop()) {
    if (seen.has(file) || REPLACED.test(file) || !existsSync(ROOT + file)) continue
    seen.add(file)
    for (const [, named, late] of readFileSync(ROOT + file, 'utf8').matchAll(IMPORTS)) {
      const found = pathOf(named ?? late ?? '', file)
      if (found) waiting.push(found)
    }
  }
  return seen
}

function pathOf(specifier: string, from: string): string | undefined {
  if (specifier.startsWith('.')) return join(dirname(from), specifier)
  const [, floor, inside] = /^#(\w+)(?:\/(.+))?$/.exec(specifier) ?? []
  return floor && (inside ? `${floor}/${inside}.ts` : `${floor}/index.ts`)
}
