/**
 * `--help` of developers' tools outside app/: prints the comment at the head of the tool's file, which says what it does
 * and which options it has. Tools in app/, for people who run the system, have a usage of their own (command-line.ts).
 */
import { readFileSync } from 'node:fs'
import { relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
const file = process.argv[1] ?? ROOT
const path = relative(ROOT, file).split(sep).join('/')

if (path.endsWith('.ts') && !path.startsWith('app/')) {
  console.log(usageOf(path))
  process.exit(0)
}

function usageOf(path) {
  const { scripts } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8'))
  const [name] = Object.entries(scripts).find(([, line]) => line.split(' ').includes(path)) ?? []
  const [, comment = ''] = /^\/\*\*(.*?)\*\//s.exec(readFileSync(file, 'utf8')) ?? []
  const words = comment.replace(/^[ \t]*\*?[ \t]?/gm, '').trim()
  return `usage: ${name ? `npm run ${name} [-- OPTIONS]` : `node ${path}`}\n\n${words}`
}
