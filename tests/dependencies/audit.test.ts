/** Known holes in our dependencies: none, or each one accepted for a while. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Acceptance, acceptances, audit, reportOf, unargued } from '../../infrastructure/dependencies/audit.ts'

const today = new Date().toISOString().slice(0, 10)

test('the registry knows of no hole without an exception here', (context) => {
  const report = audit()
  if ('unreachable' in report) return context.skip(`the registry could not be asked: ${report.unreachable}`)
  assert.deepEqual(unargued(report.found, acceptances(), today), [])
})

test('every exception has a reason and ends within half a year', () => {
  for (const { advisory, accepted_on, until } of acceptances())
    assert.ok(Date.parse(until) - Date.parse(accepted_on) <= 183 * 86_400_000, advisory)
})

/** As npm 11 answers, cut to what is read. */
const REPORT = JSON.stringify({
  auditReportVersion: 2,
  vulnerabilities: {
    minimist: {
      via: [
        {
          url: 'https://github.com/advisories/GHSA-xvch-5gv4-984h',
          severity: 'critical',
          title: 'Prototype Pollution',
        },
      ],
    },
    mkdirp: { via: ['minimist'] },
  },
})

test('a hole is seen, once, and counts until an exception for it is in force', () => {
  const report = reportOf(REPORT)
  assert.ok('found' in report)
  assert.deepEqual(
    report.found.map(({ advisory, package: name, severity }) => [advisory, name, severity]),
    [['GHSA-xvch-5gv4-984h', 'minimist', 'critical']],
  )
  const entry: Acceptance = {
    advisory: 'GHSA-xvch-5gv4-984h',
    package: 'minimist',
    reason: 'never given what comes from outside',
    accepted_on: '2026-01-01',
    until: '2026-06-01',
  }
  assert.equal(unargued(report.found, [], '2026-02-01').length, 1)
  assert.equal(unargued(report.found, [entry], '2026-02-01').length, 0)
  assert.equal(unargued(report.found, [entry], '2026-06-02').length, 1)
  assert.equal(unargued(report.found, [{ ...entry, package: 'another' }], '2026-02-01').length, 1)
})

test('a registry that does not answer is no clean bill', () => {
  const said = JSON.stringify({ message: '405 Method Not Allowed', statusCode: 405, error: { summary: '' } })
  assert.deepEqual(reportOf(said), { unreachable: '405 Method Not Allowed' })
  assert.deepEqual(reportOf('{}', 'no network'), { unreachable: 'no network' })
})
