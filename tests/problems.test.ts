/** docs/problems.md and the catalogue of problems say the same, in both directions. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { problems } from '#contracts'

const page = readFileSync(new URL('../docs/problems.md', import.meta.url), 'utf8')
const sections = page
  .split(/^## /m)
  .slice(1)
  .map((section) => {
    const [name = '', facts = '', ...texts] = (section.split(/^# /m)[0] ?? '').trim().split(/\n{2,}/)
    return { name, facts, texts }
  })

test('every problem of the catalogue is explained, in its order, and nothing else is', () => {
  assert.ok(sections.length > 30, `only ${sections.length} sections seen`)
  assert.deepEqual(
    sections.map(({ name }) => name),
    Object.keys(problems),
  )
})

test('status and detail on the page are those on the wire', () => {
  const onThePage = Object.fromEntries(sections.map(({ name, facts }) => [name, facts]))
  const onTheWire = Object.fromEntries(
    Object.entries(problems).map(([name, { status, detail }]) => [name, `${status} · ${detail}`]),
  )
  assert.deepEqual(onThePage, onTheWire)
})

test('each explanation says what it means and what the client can do', () => {
  const incomplete = sections.filter(
    ({ texts: [means = '', act = '', ...more] }) =>
      !/^\*\*Means:\*\* \S/.test(means) || !/^\*\*Do:\*\* \S/.test(act) || more.length > 0,
  )
  assert.deepEqual(
    incomplete.map(({ name }) => name),
    [],
  )
})
