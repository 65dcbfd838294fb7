/** The alert rules and dashboard for Prometheus and Grafana watch the same promises as on Google Cloud, by figures that exist. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { parse as parseHcl } from '@cdktf/hcl2json'
import { parse } from 'yaml'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const FOLDER = `${ROOT}infrastructure/monitoring`
const read = (path: string) => readFileSync(`${ROOT}${path}`, 'utf8')

interface Rule {
  readonly alert: string
  readonly expr: string
  readonly for: string
  readonly labels: { readonly severity: string }
  readonly annotations: { readonly summary: string; readonly runbook: string }
}
interface Promised {
  readonly query: string
  readonly for: string
  readonly severity: string
  readonly says: string
}

const { groups } = parse(read('infrastructure/monitoring/alerts.yaml')) as { groups: { rules: Rule[] }[] }
const rules = groups.flatMap((group) => group.rules)
const dashboard = JSON.parse(read('infrastructure/monitoring/dashboard.json')) as {
  panels: { title: string; targets: { expr: string }[] }[]
}

const secondsOf = (duration: string) => Number.parseInt(duration, 10) * (duration.endsWith('m') ? 60 : 1)

test('Prometheus has the same alerts as Google Cloud, in the same words', async () => {
  const module = await parseHcl('main.tf', read('infrastructure/terraform/modules/monitoring/main.tf'))
  const [locals] = (module as { locals: [{ promises: Record<string, Promised> }] }).locals
  const there = Object.entries(locals.promises).map(([name, one]) => [
    name,
    one.query,
    secondsOf(one.for),
    one.severity.toLowerCase(),
    one.says,
  ])
  const here = rules.map((one) => [
    one.alert,
    one.expr,
    secondsOf(one.for),
    one.labels.severity,
    one.annotations.summary,
  ])
  assert.ok(there.length >= 9)
  assert.deepEqual(
    new Map(here.slice(0, there.length).map((one) => [one[0], one])),
    new Map(there.map((one) => [one[0], one])),
  )
})

test('every alert leads to its section of the runbook', () => {
  const runbook = read('docs/runbook.md')
  for (const { alert, annotations } of rules) {
    assert.equal(annotations.runbook, `docs/runbook.md#${alert}`)
    assert.match(runbook, new RegExp(`^## ${alert}$`, 'm'))
  }
})

test('rules and charts ask for figures that a service tells', () => {
  const sources = globSync('{platform,host,messaging,services}/**/*.ts', { cwd: ROOT }).map(read).join('\n')
  const queries = [
    ...rules.map(({ expr }) => expr),
    ...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
  ]
  const asked = new Set(queries.flatMap((query) => query.match(/mercado_\w+/g) ?? []))
  assert.ok(asked.size > 10)
  for (const metric of asked) {
    const told = [metric, metric.replace(/_(bucket|count|sum)$/, '')]
    assert.ok(
      told.some((name) => sources.includes(`'${name}'`)),
      `nobody tells ${metric}`,
    )
  }
})

const run = (...args: string[]) => promisify(execFile)('promtool', args, { cwd: FOLDER })
const isThere = await run('--version').then(
  () => true,
  () => false,
)

test('Prometheus reads the rules, and they fire when they should', {
  skip: !isThere && 'promtool is not installed',
}, async () => {
  const { stdout } = await run('check', 'rules', 'alerts.yaml')
  assert.match(stdout, new RegExp(`SUCCESS: ${rules.length} rules found`))
  assert.match((await run('test', 'rules', 'alerts.test.yaml')).stdout, /SUCCESS/)
})
