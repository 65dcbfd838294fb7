/** docs/runbook.md has a section for each alert that Terraform makes and for each kind of finding, and for nothing else. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { kinds } from '../services/orquestrador/audit/findings.ts'

const root = new URL('../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, root), 'utf8')
const page = read('docs/runbook.md')

/** The second-level headings under a first-level one. */
function sectionsOf(heading: string): string[] {
  const part = page.split(/^# /m).find((text) => text.startsWith(`${heading}\n`)) ?? ''
  return [...part.matchAll(/^## (.+)$/gm)].map(([, name]) => name ?? '')
}

test('each alert has its section, and each section its alert', () => {
  const terraform = read('infrastructure/terraform/modules/monitoring/main.tf')
  const keys = (local: string) => {
    const [, block = ''] = new RegExp(`^  ${local} = \\{\\n([\\s\\S]*?)^  \\}`, 'm').exec(terraform) ?? []
    return [...block.matchAll(/^ {4}(\w+) = \{$/gm)].map(([, name]) => name ?? '')
  }
  const alone = [...terraform.matchAll(/^ {2}display_name += "(\w+)"$/gm)].map(([, name]) => name ?? '')
  const alerts = [...keys('promises'), ...keys('measured'), ...alone]
  assert.ok(alerts.length >= 12, `only ${alerts.length} alerts seen`)
  assert.deepEqual(sectionsOf('Alerts'), alerts)
})

test('each kind of finding has its section, in the order of the catalogue', () => {
  assert.deepEqual(sectionsOf('What the audit finds'), Object.keys(kinds))
})

test('the tests that the runbook names exist', () => {
  const named = [...page.matchAll(/`((?:tests|messaging|docs|infrastructure)\/[\w./-]+)`/g)].map(
    ([, path]) => path ?? '',
  )
  assert.ok(named.length > 10)
  assert.deepEqual(
    named.filter((path) => !existsSync(new URL(path, root))),
    [],
  )
})
