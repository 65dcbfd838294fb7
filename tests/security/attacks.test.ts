/** docs/security-attacks.md as a whole: each item of the list, with the file that tries it, and the sum. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { counts, PAGE, totalOf } from './attack.ts'

const page = readFileSync(PAGE, 'utf8')

test('every item of the OWASP API Security Top 10 has attempts, in a file that exists', () => {
  assert.equal(counts(page).length, 10)
  for (const count of counts(page)) assert.ok(count >= 50)
  const files = [...page.matchAll(/`(tests\/security\/api\d\d-[\w-]+\.test\.ts)`/g)].map(([, file = '']) => file)
  assert.equal(new Set(files).size, 10)
  for (const file of files) assert.ok(existsSync(new URL(`../../${file}`, import.meta.url)), file)
})

test('the sum is the sum', () => {
  assert.match(page, new RegExp(`^\\| all \\| +\\| +\\| ${totalOf(page)} \\|$`, 'm'))
})
