/** Claiming a record of the counter by a code to its proved contact and the document, also against other people. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generateCpf } from '@brazilian-utils/brazilian-utils'
import { accountsApp, addressOfSomebody } from './accounts.suite.ts'

const { browser, mailed, signUp, cliente, database, sent } = await accountsApp()

/** Somebody who signed up with a document that the counter knows, and the counter's record of them. */
async function known() {
  const record = { customer_id: 1_000 + Math.floor(Math.random() * 1e9), email: addressOfSomebody() }
  const { answer } = cliente
  cliente.answer = () => ({ status: 409, content: {} })
  const person = await signUp()
  cliente.answer = answer
  const { document } = person
  cliente.others.set('claimable', (_account, body) =>
    body.document === document ? { status: 200, content: record } : { status: 404, content: {} },
  )
  cliente.others.set('claim', (_account, body) => ({ status: 200, content: { customer_id: body.customer_id } }))
  const askCode = (typed = document) => person.call('POST', '/auth/claim/code', { document: typed })
  const claim = (code: string, typed = document) => person.call('POST', '/auth/claim', { document: typed, code })
  return { ...person, record, askCode, claim }
}

const wrongOf = (code: string) => (code === '111111' ? '222222' : '111111')

test('the code goes to the contact that the counter has proven, and ties the account to the record', async () => {
  const rosa = await known()
  assert.equal((await rosa.call('GET', '/auth/token')).body.customer, 'to_be_claimed')
  assert.equal((await rosa.askCode()).status, 200)
  const { code = '' } = await mailed(rosa.record.email, 'claim_code')
  const tied = await rosa.claim(code)
  assert.deepEqual([tied.status, tied.body], [200, { customer_id: rosa.record.customer_id }])
  assert.deepEqual((await rosa.claim(code)).body, tied.body)
  const me = (await rosa.call('GET', '/me')).body
  assert.deepEqual([me.customer, me.customer_id], ['there', rosa.record.customer_id])
  assert.equal((await rosa.call('GET', '/auth/token')).status, 200)
  assert.equal((await rosa.askCode()).status, 404)
})

test('nobody learns whether there is such a record: the same answer, and no mail', async () => {
  const rosa = await known()
  const before = sent.length
  const [there, not] = [await rosa.askCode(), await rosa.askCode(generateCpf())]
  assert.deepEqual([there.status, there.body], [not.status, not.body])
  assert.equal(sent.length, before + 1)
})

test('five wrong tries end a code, and a wrong document is one of them', async () => {
  const rosa = await known()
  await rosa.askCode()
  const { code = '' } = await mailed(rosa.record.email, 'claim_code')
  assert.equal((await rosa.claim(code, generateCpf())).status, 400)
  for (let guess = 0; guess < 4; guess += 1) assert.equal((await rosa.claim(wrongOf(code))).status, 400)
  const late = await rosa.claim(code)
  assert.deepEqual([late.status, late.body.type], [400, 'urn:mercado-veiculo:problem:wrong_code'])
})

test('a code is over after ten minutes, and with the next one', async () => {
  const rosa = await known()
  await rosa.askCode()
  const { code: first = '' } = await mailed(rosa.record.email, 'claim_code')
  await rosa.askCode()
  const { code: second = '' } = await mailed(rosa.record.email, 'claim_code')
  if (first !== second) assert.equal((await rosa.claim(first)).status, 400)
  await database.query(
    `update codes set expires_at = now() - interval '1 second' where subject in (
    select subject from claims where user_id = $1)`,
    [rosa.account_id],
  )
  assert.equal((await rosa.claim(second)).status, 400)
})

test('a code opens for the account that asked for it alone', async () => {
  const rosa = await known()
  await rosa.askCode()
  const { code = '' } = await mailed(rosa.record.email, 'claim_code')
  const stranger = await known()
  assert.equal((await stranger.claim(code, rosa.document)).status, 400)
  assert.equal((await browser().call('POST', '/auth/claim', { document: rosa.document, code })).status, 401)
  assert.equal((await rosa.claim(code)).status, 200)
})

test('whoever has a customer claims no other', async () => {
  const buyer = await signUp()
  const { status, body } = await buyer.call('POST', '/auth/claim/code', { document: generateCpf() })
  assert.deepEqual([status, body.type], [404, 'urn:mercado-veiculo:problem:nothing_to_claim'])
})

test('a claim that was cut off between code and customer is tied at the next token, if the record is still free', async () => {
  const rosa = await known()
  await rosa.askCode()
  const { code = '' } = await mailed(rosa.record.email, 'claim_code')
  const answer = cliente.others.get('claim')
  cliente.others.set('claim', () => ({ status: 503, content: {} }))
  assert.equal((await rosa.claim(code)).status, 503)
  if (answer) cliente.others.set('claim', answer)
  assert.equal((await rosa.call('GET', '/auth/token')).status, 200)

  const late = await known()
  await late.askCode()
  const { code: right = '' } = await mailed(late.record.email, 'claim_code')
  cliente.others.set('claim', () => ({ status: 404, content: {} }))
  const refused = await late.claim(right)
  assert.deepEqual([refused.status, refused.body.type], [404, 'urn:mercado-veiculo:problem:nothing_to_claim'])
})
