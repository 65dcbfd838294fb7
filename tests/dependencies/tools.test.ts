/** The settings of editors and of the bot for updates agree with the repository. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { pages, processes } from '#contracts'
import { ROOT, readPackageFile } from '../../infrastructure/dependencies/lock-file.ts'

const read = (path: string) => JSON.parse(readFileSync(new URL(path, ROOT), 'utf8'))
const { dependencies, devDependencies } = readPackageFile()
const names = Object.keys({ ...dependencies, ...devDependencies })

test('the container for development has the Node and the ports that the system has', () => {
  const { image, forwardPorts, portsAttributes } = read('.devcontainer/devcontainer.json')
  const [, major] = /^node:(\d+)-/.exec(image) ?? []
  assert.equal(major, devDependencies.node?.split('.')[0])
  assert.deepEqual(forwardPorts, [processes.gateway.port[1], pages.port[1]])
  assert.deepEqual(Object.keys(portsAttributes).map(Number).sort(), forwardPorts.toSorted())
})

test('each rule for updates is about packages that are installed', () => {
  const { packageRules } = read('renovate.json') as { packageRules: { matchPackageNames: string[] }[] }
  assert.ok(packageRules.length > 0)
  for (const pattern of packageRules.flatMap((rule) => rule.matchPackageNames)) {
    const [scope = '', family] = pattern.split('/**')
    const found = names.filter((name) => (family === undefined ? name === pattern : name.startsWith(`${scope}/`)))
    assert.ok(found.length > 0, pattern)
  }
})
