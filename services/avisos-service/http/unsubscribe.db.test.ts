/** With one click, the link in a mail's header turns off the reminders of that customer only. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { pino } from 'pino'
import { systemClock } from '#platform/clock'
import { httpApp } from '#platform/http/app'
import { openAccess } from '../../../tests/fixtures/access.ts'
import { testDatabase } from '../../../tests/fixtures/database.ts'
import { isUnsubscribed } from '../mails/mail-store.ts'
import { proofOf, unsubscribeRoutes } from './unsubscribe.ts'

const { database, vault } = await testDatabase(new URL('../migrations/', import.meta.url))
const log = pino({ level: 'silent' })
const app = await httpApp({ title: 'avisos-service', description: '', version: '0', log, access: openAccess() })
unsubscribeRoutes({ database, vault, clock: systemClock })(app)
await app.ready()
after(() => app.close())

/** As mail programs post it (RFC 8058). */
const click = (customer_id: number, proof: string) =>
  app.inject({
    method: 'POST',
    url: `/reminders/${customer_id}/${proof}/off`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: 'List-Unsubscribe=One-Click',
  })

test('one click turns reminders off, and a second one changes nothing', async () => {
  for (let time = 0; time < 2; time += 1) {
    const { statusCode, body } = await click(7, proofOf(vault, 7))
    assert.deepEqual([statusCode, body], [200, '{"done":true}'])
  }
  assert.equal(await isUnsubscribed(database, 7), true)
  assert.equal(await isUnsubscribed(database, 8), false)
})

test('the link of one customer changes nothing for another, and an invented link nothing for anybody', async () => {
  for (const proof of [proofOf(vault, 7), 'A'.repeat(43), 'short'])
    assert.equal((await click(9, proof)).statusCode, 404, proof)
  assert.equal(await isUnsubscribed(database, 9), false)
})
