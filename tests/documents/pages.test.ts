/** The pages that people write: their links lead somewhere, the index knows them all, and the commands they name exist. */
import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { test } from 'node:test'
import { anchorsOf, codeOf, linksOf } from './markdown.ts'

const ROOT = new URL('../../', import.meta.url).pathname
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')

const pages = new Map(
  globSync('**/*.md', { cwd: ROOT, exclude: ['node_modules', '.data'] })
    .sort()
    .map((path) => [path, read(path)]),
)
const INDEX = 'docs/README.md'

/** The faults that `find` finds on any page. */
const wrongOn = (find: (text: string, path: string) => readonly string[]) =>
  [...pages].flatMap(([path, text]) => find(text, path).map((what) => `${path}: ${what}`))

const isElsewhere = (target: string) => /^[a-z]+:/.test(target)

/** The path from the root that a link leads to, and its anchor. */
function targetOf(link: string, page: string) {
  const [path = '', anchor] = decodeURI(link).split('#')
  return { path: path === '' ? page : normalize(join(dirname(page), path)).replace(/\/$/, ''), anchor }
}

test('every link within the repository leads to a file, and to a heading where it names one', () => {
  let seen = 0
  const broken = wrongOn((text, page) =>
    linksOf(text).flatMap((link) => {
      if (isElsewhere(link)) return []
      seen += 1
      const { path, anchor } = targetOf(link, page)
      if (path.startsWith('..') || !existsSync(join(ROOT, path))) return [`${link} leads nowhere`]
      if (anchor === undefined) return []
      return anchorsOf(pages.get(path) ?? '').has(anchor) ? [] : [`${link}: there is no such heading`]
    }),
  )
  assert.deepEqual(broken, [])
  assert.ok(seen > 150, `only ${seen} links seen`)
})

test('the index says of every page in docs/ whom it is for, and both READMEs lead to the index', () => {
  const known = new Set(linksOf(read(INDEX)).map((link) => targetOf(link, INDEX).path))
  const there = globSync('docs/**/*.{md,yaml,dot}', { cwd: ROOT }).filter((path) => path !== INDEX)
  assert.ok(there.length > 20, `only ${there.length} pages seen`)
  assert.deepEqual(
    there.filter((path) => !known.has(path)),
    [],
  )
  for (const page of ['README.md', 'README.pt-BR.md'])
    assert.ok(linksOf(read(page)).includes(INDEX), `${page} does not lead to ${INDEX}`)
})

test('every command that a page names exists', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
  const targets = new Set([...read('Makefile').matchAll(/^([a-z-]+):/gm)].map(([, target]) => target))
  let seen = 0
  const missing = wrongOn((text) =>
    codeOf(text).flatMap((code) => {
      const run = [...code.matchAll(/\bnpm run (?:-s |--silent )?([\w:-]+)/g)].map(([, name = '']) => name)
      const made = [...code.matchAll(/(?:^|[;&|]\s*|[A-Z_]+=\S+ )make ([a-z][a-z-]*)/gm)].map(([, name = '']) => name)
      const files = [...code.matchAll(/\bnode ((?:[\w-]+\/)+[\w.-]+\.ts)/g)].map(([, path = '']) => path)
      seen += run.length + made.length + files.length
      return [
        ...run.filter((name) => !(name in scripts)).map((name) => `npm run ${name}`),
        ...made.filter((name) => !targets.has(name)).map((name) => `make ${name}`),
        ...files.filter((path) => !existsSync(join(ROOT, path))).map((path) => `node ${path}`),
      ]
    }),
  )
  assert.deepEqual(missing, [])
  assert.ok(seen > 80, `only ${seen} commands seen`)
})

test('these checks see: a broken link, a heading that is not there, code that is no link', () => {
  const page = '# One thing\n\n## One thing\n\n[a](b.md) `[c](d.md)` ![e](f.svg#g)\n\n```sh\nmake dev # [h](i)\n```\n'
  assert.deepEqual(linksOf(page), ['b.md', 'f.svg#g'])
  assert.deepEqual([...anchorsOf(page)], ['one-thing', 'one-thing-1'])
  assert.deepEqual(codeOf(page), ['make dev # [h](i)\n', '[c](d.md)'])
  assert.ok(anchorsOf('## Cada serviço, e por que não outro').has('cada-serviço-e-por-que-não-outro'))
  assert.deepEqual(targetOf('../README.md#x', 'docs/a.md'), { path: 'README.md', anchor: 'x' })
})
