/** The secrets that sign deliveries: stored sealed, including those from before there was a vault. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../../../tests/fixtures/database.ts'
import { newSecret } from './signature.ts'
import { findSigning, insertSubscription, rotateSecret, sealPlainSecrets } from './subscription-store.ts'

const { database, vault } = await testDatabase(new URL('../migrations/', import.meta.url))
const wanted = { url: 'https://receiver.test/', events: ['events.purchase.*'], description: null }
const stored = () =>
  database.query<{ id: number; secret: string; old_secret: string | null }>(
    `select id, secret, old_secret from webhook_subscriptions order by id`,
  )

test('a secret lies sealed, and so does the one before it', async () => {
  const [first, second] = [newSecret(), newSecret()]
  const now = new Date()
  const made = await database.transaction((tx) => insertSubscription(tx, vault, { ...wanted, secret: first }, now))
  assert.ok(made && !JSON.stringify(made).includes('whsec_'))
  await database.transaction((tx) => rotateSecret(tx, vault, made.id, second, now, now))
  assert.ok(!JSON.stringify(await stored()).includes('whsec_'))
  const { secret, old_secret } = (await findSigning(database, vault, made.id)) ?? {}
  assert.deepEqual([secret, old_secret], [second, first])
  assert.equal(await database.transaction((tx) => rotateSecret(tx, vault, 999_999, second, now, now)), undefined)
})

test('secrets from before are sealed at the next start, and stay the same secrets', async () => {
  const secrets = [newSecret(), newSecret(), newSecret()]
  await database.query('delete from webhook_subscriptions')
  for (const [index, secret] of secrets.entries())
    await database.query(
      `insert into webhook_subscriptions (url, events, secret, old_secret, created_at, updated_at)
       values ('https://receiver.test/', array['events.purchase.*'], $1, $2, now(), now())`,
      [secret, index === 0 ? null : secrets[index - 1]],
    )
  const counts = await Promise.all([sealPlainSecrets(database, vault), sealPlainSecrets(database, vault)])
  assert.equal(counts[0] + counts[1], 3)
  assert.ok(!JSON.stringify(await stored()).includes('whsec_'))
  for (const [index, { id }] of (await stored()).entries()) {
    const found = await findSigning(database, vault, id)
    assert.deepEqual([found?.secret, found?.old_secret], [secrets[index], secrets[index - 1] ?? null])
  }
})
