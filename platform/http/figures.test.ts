/** Figures on a port of their own: there, and nowhere else. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { pino } from 'pino'
import { openAccess } from '../../tests/fixtures/access.ts'
import { telemetry } from '../telemetry.ts'
import { httpApp } from './app.ts'
import { openFigures } from './figures.ts'

const figures = await openFigures(0, '127.0.0.1')
after(() => figures[Symbol.asyncDispose]())

async function service(name: string) {
  const log = pino({ level: 'silent' })
  const app = await httpApp({ ...about(name), log, access: openAccess(), telemetry: telemetry(name), figures })
  after(() => app.close())
  return app
}
const about = (title: string) => ({ title, description: '', version: '1' })
const read = async (path: string) => {
  const answer = await fetch(`${figures.url}${path}`)
  return { status: answer.status, text: await answer.text() }
}

test('a service alone is told at /metrics, several each at a path of their own', async () => {
  const one = await service('one-service')
  assert.match((await read('/metrics')).text, /service="one-service"/)
  await service('other-service')
  assert.match((await read('/metrics/other-service')).text, /service="other-service"/)
  assert.match((await read('/metrics/one-service')).text, /service="one-service"/)
  const which = await read('/metrics')
  assert.deepEqual([which.status, which.text], [404, '/metrics/one-service\n/metrics/other-service\n'])
  assert.equal((await one.inject('/metrics')).statusCode, 404, 'not on the port that serves people')
})

test('nothing else is told there', async () => {
  for (const path of ['/', '/metrics/nobody', '/metrics/../one-service', '/metrics/one-service/x', '/health'])
    assert.equal((await read(path)).status, 404, path)
})
