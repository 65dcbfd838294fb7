/** The workflows on GitHub, read by GitHub's own parser, follow the rules of deploying without keys. */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { basename } from 'node:path'
import { test } from 'node:test'
import { parse } from 'yaml'

// the parser imports its own JSON without saying that it is JSON, which bundlers take and Node does not
registerHooks({
  load: (url, context, next) =>
    next(url, url.endsWith('.json') ? { ...context, importAttributes: { type: 'json' } } : context),
})
const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } = await import('@actions/workflow-parser')

interface Workflow {
  readonly permissions: Readonly<Record<string, string>>
  readonly jobs: Readonly<Record<string, Job>>
}
interface Job {
  readonly needs?: string | readonly string[]
  readonly uses?: string
  readonly 'timeout-minutes'?: number
  readonly permissions?: Readonly<Record<string, string>>
  readonly steps?: readonly { readonly uses?: string; readonly run?: string }[]
}

const ROOT = new URL('../../', import.meta.url).pathname
const files = globSync('.github/workflows/*.yml', { cwd: ROOT })
const workflows = files.map((file) => ({ file, text: readFileSync(`${ROOT}${file}`, 'utf8') }))
const jobsOf = (text: string) => Object.entries((parse(text) as Workflow).jobs)

async function faultsOf(name: string, content: string): Promise<string[]> {
  const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter())
  if (value) await convertWorkflowTemplate(context, value)
  return context.errors.getErrors().map(({ message }) => message)
}

test('GitHub understands every workflow', async () => {
  assert.deepEqual(files.map((file) => basename(file)).sort(), ['ci.yml', 'deploy.yml', 'nightly.yml', 'security.yml'])
  for (const { file, text } of workflows) assert.deepEqual(await faultsOf(file, text), [])
  const wrong = 'on: push\njobs:\n  a:\n    runs-on: x\n    stepz: []\n'
  assert.match((await faultsOf('wrong', wrong)).join(), /Unexpected value 'stepz'/)
})

test('a job waits only for jobs that exist, ends in time, and calls only workflows and make targets that exist', () => {
  const targets = new Set(
    [...readFileSync(`${ROOT}Makefile`, 'utf8').matchAll(/^([a-z-]+):/gm)].map(([, name]) => name),
  )
  for (const { file, text } of workflows) {
    const jobs = jobsOf(text)
    for (const [name, job] of jobs) {
      const needs = [job.needs ?? []].flat()
      assert.deepEqual(
        needs.filter((needed) => !jobs.some(([other]) => other === needed)),
        [],
      )
      if (job.uses) assert.ok(files.includes(job.uses.replace('./', '')), `${file}: ${job.uses}`)
      else assert.ok(job['timeout-minutes'], `${file}: ${name} may run for six hours`)
      for (const { run = '' } of job.steps ?? [])
        for (const [, target = ''] of run.matchAll(/\bmake ([a-z-]+)/g))
          assert.ok(targets.has(target), `make ${target}`)
    }
  }
  assert.match(workflows.find(({ file }) => file.endsWith('ci.yml'))?.text ?? '', /run: make check\n.*run: make test/)
})

test('workflows may only read, unless a job names the right and its purpose', () => {
  const granted = workflows.flatMap(({ file, text }) => {
    assert.deepEqual((parse(text) as Workflow).permissions, { contents: 'read' }, file)
    return jobsOf(text).flatMap(([name, { permissions = {} }]) =>
      Object.entries(permissions)
        .filter(([, access]) => access === 'write')
        .map(([what]) => `${basename(file)} ${name} ${what}`),
    )
  })
  assert.deepEqual(granted.sort(), ['deploy.yml deploy id-token', 'security.yml code security-events'])
})

test('deploying needs no stored key, and waits for the checks', () => {
  const { text = '' } = workflows.find(({ file }) => file.endsWith('deploy.yml')) ?? {}
  assert.doesNotMatch(text, /secrets\.|credentials_json/)
  assert.match(text, /workload_identity_provider/)
  const deploy = jobsOf(text).find(([name]) => name === 'deploy')?.[1]
  assert.equal(deploy?.needs, 'ci')
})

test('text that strangers can write is never part of a command, and actions are of a known maker and commit', () => {
  for (const { file, text } of workflows) {
    for (const [, { steps = [] }] of jobsOf(text))
      for (const { run = '', uses } of steps) {
        assert.doesNotMatch(run, /\$\{\{/, `${file}: give it by env`)
        // by commit, since a tag can be moved to other code; the version stands in a comment behind it
        if (uses) assert.match(uses, /^(actions|github|hashicorp|google-github-actions)\/[\w/-]+@[\da-f]{40}$/, file)
      }
  }
})
