/** An account is deleted with its person, no matter who asked for the erasure and what belonged to the account. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { customerErased, identityCustomerErased } from '#contracts'
import { messageOf } from '../../../tests/fixtures/database.ts'
import { accountsApp, PASSWORD } from '../http/accounts.suite.ts'

const { browser, signUp, take, cliente, database, sent } = await accountsApp()

const erase = (customer_id: number, what: 'person' | 'records' = 'person') =>
  take(messageOf(customerErased, crypto.randomUUID(), { customer_id, what }))

/** The tables that still name the account, by any of its values. */
async function traces(account_id: string): Promise<string[]> {
  const tables = await database.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'
       and table_name not like 'outbox%'`,
  )
  const found: string[] = []
  for (const { name } of tables) {
    const rows = await database.query(`select from "${name}" as t where to_jsonb(t)::text like '%' || $1 || '%'`, [
      account_id,
    ])
    if (rows.length > 0) found.push(name)
  }
  return found
}

test('an erased person has no account any more, nor a session, and may come back with the same address', async () => {
  const ana = await signUp()
  const bea = await signUp()
  await ana.call('POST', '/auth/two-factor/enable', { password: PASSWORD })
  const before = sent.length
  await erase(ana.customer_id)
  await erase(ana.customer_id)
  assert.deepEqual(
    sent.slice(before).map(({ type }) => type),
    [identityCustomerErased.topic, identityCustomerErased.topic],
  )
  assert.deepEqual(await traces(ana.account_id), [])
  assert.equal((await ana.call('GET', '/auth/token')).status, 401)
  const { email } = ana
  assert.equal((await browser().call('POST', '/auth/sign-in/email', { email, password: PASSWORD })).status, 401)
  assert.equal((await bea.call('GET', '/auth/token')).status, 200)
  await signUp({ email })
})

test('news of an erasure of nobody here is answered too', async () => {
  const before = sent.length
  await erase(999_999_999, 'records')
  assert.equal(sent[before]?.type, identityCustomerErased.topic)
})

test('an account without a customer is deleted by its owner, who knows the password; one with a customer is not', async () => {
  const { answer } = cliente
  cliente.answer = () => ({ status: 409, content: {} })
  const ana = await signUp()
  cliente.answer = answer
  const wrong = await ana.call('POST', '/auth/delete-account', { password: 'não é a senha dela' })
  assert.deepEqual([wrong.status, wrong.body.type], [400, 'urn:mercado-veiculo:problem:wrong_password'])
  assert.equal((await ana.call('POST', '/auth/delete-account', { password: PASSWORD })).status, 200)
  assert.equal((await ana.call('GET', '/me')).status, 401)
  assert.deepEqual(await traces(ana.account_id), [])
  const bea = await signUp()
  const kept = await bea.call('POST', '/auth/delete-account', { password: PASSWORD })
  assert.deepEqual([kept.status, kept.body.type], [409, 'urn:mercado-veiculo:problem:account_with_customer'])
  assert.equal((await browser().call('POST', '/auth/delete-account', { password: PASSWORD })).status, 401)
})
