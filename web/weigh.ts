/** `npm run web:weigh`: how much JavaScript each page of the store loads, gzipped, held against its limit. */
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { buildIfChanged, ROOT } from './build.ts'

/** The most bytes of any one page. */
const LIMIT_BYTES = 130_000

interface Chunk {
  readonly file: string
  readonly imports?: readonly string[]
}

await buildIfChanged((line) => console.log(line))
const manifest: Record<string, Chunk> = JSON.parse(readFileSync(`${ROOT}web/build/client/.vite/manifest.json`, 'utf8'))
const entry = Object.keys(manifest).find((name) => name.endsWith('entry.client.tsx'))
if (!entry) throw new Error('the build has no entry')

const pages = Object.keys(manifest).filter((name) => /^store\/.*\.tsx\?/.test(name))
const weights = pages
  .map((page) => [page.replace(/\?.*/, ''), weightOf([entry, 'root.tsx', page])] as const)
  .sort(([, one], [, other]) => other - one)
for (const [page, bytes] of weights) console.log(`${(bytes / 1_000).toFixed(1).padStart(7)} kB  ${page}`)
const [heaviest, most] = weights[0] ?? ['', Number.POSITIVE_INFINITY]
console.log(`${pages.length} pages; the heaviest is ${heaviest}; the limit is ${LIMIT_BYTES / 1_000} kB gzipped`)
if (most > LIMIT_BYTES) process.exitCode = 1

/** The weight of every chunk that they reach, each counted once. */
function weightOf(names: readonly string[]): number {
  const reached = new Set<string>()
  const follow = (name: string) => {
    const key = manifest[name] ? name : Object.keys(manifest).find((one) => one.startsWith(`${name}?`))
    const chunk = key === undefined ? undefined : manifest[key]
    if (!chunk || reached.has(chunk.file)) return
    reached.add(chunk.file)
    for (const other of chunk.imports ?? []) follow(other)
  }
  for (const name of names) follow(name)
  return [...reached].reduce((sum, file) => sum + gzipSync(readFileSync(`${ROOT}web/build/client/${file}`)).length, 0)
}
