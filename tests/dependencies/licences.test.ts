/** Using and shipping this project's dependencies breaks no licence. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { isAllowed, PAGE, page } from '../../infrastructure/dependencies/licences.ts'
import { READ_LICENCES, ROOT, readLockFile } from '../../infrastructure/dependencies/lock-file.ts'

const { packages } = readLockFile()

test('every package is under terms that we may use it on', () => {
  assert.deepEqual(
    packages
      .filter(({ license = 'none', dev = false }) => !isAllowed(license, dev))
      .map(({ path, license }) => [path, license]),
    [],
  )
  for (const license of ['GPL-3.0-only', 'AGPL-3.0', 'SSPL-1.0', 'BUSL-1.1', 'UNLICENSED', 'none', 'MIT AND GPL-2.0'])
    assert.ok(!isAllowed(license, true), license)
  assert.ok(!isAllowed('MPL-2.0', false))
  assert.ok(isAllowed('(GPL-2.0 OR MIT)', false))
})

test('every installed package is under the licence that the lock file names', () => {
  const installed = packages.filter(({ path }) => existsSync(new URL(`${path}/package.json`, ROOT)))
  assert.ok(installed.length > 200)
  const wrong = installed.filter(({ path, license, version }) => {
    const own = JSON.parse(readFileSync(new URL(`${path}/package.json`, ROOT), 'utf8'))
    const named = READ_LICENCES[`${own.name}@${own.version}`] ?? licenceOf(own)
    return own.version !== version || named !== license
  })
  assert.deepEqual(
    wrong.map(({ path }) => path),
    [],
  )
})

/** Old packages write an object, or several. */
function licenceOf({
  license,
  licenses,
}: {
  license?: string | { type: string }
  licenses?: readonly { type: string }[]
}) {
  return typeof license === 'string' ? license : (license?.type ?? licenses?.[0]?.type)
}

test('docs/licences.md is current', () => {
  assert.equal(readFileSync(PAGE, 'utf8'), page(packages), 'run: npm run licences')
})
