/** Staff: invited by a link that opens once, with rights and limits set by an admin, and out within minutes when they leave. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generateCpf } from '@brazilian-utils/brazilian-utils'
import { decodeJwt } from 'jose'
import { workHandedOver } from '#contracts'
import { systemClock } from '#platform/clock'
import { fingerprints } from '../accounts/fingerprints.ts'
import { invite } from '../staff/invite.ts'
import { accountsApp, addressOfSomebody, PASSWORD } from './accounts.suite.ts'

const { browser, mailed, database, vault, signUp, sent, cliente } = await accountsApp()
const admin = { authorization: 'Bearer admin' }
const office = browser()

/** A browser of somebody who has accepted their invitation. */
async function member(more: { role?: 'staff' | 'admin'; scope?: 'seller' | 'operator' } = {}) {
  const email = addressOfSomebody()
  const role = more.role ?? 'staff'
  const asked = await office.call('POST', '/staff/invitations', { name: 'Nina Alves', email, role, ...more }, admin)
  assert.equal(asked.status, 201, JSON.stringify(asked.body))
  const { link = '' } = await mailed(email, 'staff_invitation')
  const token = link.split('/').at(-1)
  const person = browser()
  const accepted = await person.call('POST', '/auth/accept-invitation', { token, password: PASSWORD })
  assert.equal(accepted.status, 200, JSON.stringify(accepted.body))
  return { ...person, email, token, account_id: accepted.body.account_id as string }
}

const claims = async ({ call }: Pick<ReturnType<typeof browser>, 'call'>) =>
  decodeJwt((await call('GET', '/auth/token')).body.token)

test('an invitation makes an account with its role and scope, once', async () => {
  const nina = await member({ scope: 'seller' })
  const { role, scope, sub } = await claims(nina)
  assert.deepEqual([role, scope, sub], ['staff', 'seller', nina.account_id])
  const again = await browser().call('POST', '/auth/accept-invitation', { token: nina.token, password: PASSWORD })
  assert.deepEqual([again.status, again.body.type], [404, 'urn:mercado-veiculo:problem:invitation_not_found'])
})

test('of two who open the link at once one becomes staff, and a later invitation ends the one before', async () => {
  const email = addressOfSomebody()
  const prints = fingerprints(vault)
  const wanted = { name: 'Rui Dias', email, role: 'admin', scope: null, document: null, invited_by: 'test' } as const
  const inviteRui = () => database.transaction((tx) => invite(tx, { vault, prints }, wanted, systemClock.now()))
  const before = await inviteRui()
  const token = await inviteRui()
  assert.equal(
    (await browser().call('POST', '/auth/accept-invitation', { token: before, password: PASSWORD })).status,
    404,
  )
  const both = await Promise.all(
    [1, 2].map(() => browser().call('POST', '/auth/accept-invitation', { token, password: PASSWORD })),
  )
  assert.deepEqual(both.map(({ status }) => status).sort(), [200, 404])
})

test('only an admin invites, and a buyer’s address cannot be invited', async () => {
  const body = { name: 'Nina Alves', email: addressOfSomebody(), role: 'admin' }
  for (const authorization of ['Bearer staff', 'Bearer service'])
    assert.equal((await office.call('POST', '/staff/invitations', body, { authorization })).status, 403)
  const buyer = await signUp()
  const known = await office.call('POST', '/staff/invitations', { ...body, email: buyer.email }, admin)
  assert.deepEqual([known.status, known.body.type], [409, 'urn:mercado-veiculo:problem:account_exists'])
})

test('a lent limit is in the token until its date', async () => {
  const nina = await member()
  const change = { role: 'staff', scope: 'operator', discount_limit: 5, reason: 'Began in sales' }
  assert.equal((await office.call('PUT', `/staff/${nina.account_id}`, change, admin)).status, 200)
  assert.equal((await claims(nina)).discount_limit, 5)
  const until = new Date(Date.now() + 86_400_000).toISOString()
  const lent = { discount_limit: 20, until, reason: 'Stands in for the owner' }
  assert.equal((await office.call('POST', `/staff/${nina.account_id}/lend`, lent, admin)).status, 200)
  assert.equal((await claims(nina)).discount_limit, 20)
  await database.query(`update accounts set lent_until = now() - interval '1 second' where user_id = $1`, [
    nina.account_id,
  ])
  assert.equal((await claims(nina)).discount_limit, 5)
  const far = { ...lent, until: new Date(Date.now() + 400 * 86_400_000).toISOString() }
  assert.equal((await office.call('POST', `/staff/${nina.account_id}/lend`, far, admin)).status, 422)
})

test('whoever leaves is out at once, cannot come back in, and their work goes to somebody else', async () => {
  const [leaver, taker] = [await member(), await member()]
  const body = { hand_over_to: taker.account_id, reason: 'Left the company' }
  assert.equal((await office.call('POST', `/staff/${leaver.account_id}/deactivate`, body, admin)).status, 200)
  assert.equal((await leaver.call('GET', '/auth/token')).status, 401)
  const { email } = leaver
  assert.equal((await leaver.call('POST', '/auth/sign-in/email', { email, password: PASSWORD })).status, 401)
  await mailed(taker.email, 'work_handed_over')
  const { staff } = (await office.call('GET', '/staff', undefined, admin)).body
  const row = staff.find(({ account_id }: { account_id: string }) => account_id === leaver.account_id)
  assert.equal(row.handed_to, taker.account_id)
  const [entry] = await database.query<{ act: string; reason: string }>(
    `select act, reason from journal where about_id = $1 order by id desc limit 1`,
    [leaver.account_id],
  )
  assert.deepEqual([entry?.act, entry?.reason], ['staff_deactivated', 'Left the company'])
})

test('work goes only to active staff, and not to a buyer', async () => {
  const nina = await member()
  const buyer = await signUp()
  for (const hand_over_to of [nina.account_id, buyer.account_id, '019b0000-0000-7000-8000-000000000000']) {
    const body = { hand_over_to, reason: 'Left the company' }
    assert.equal((await office.call('POST', `/staff/${nina.account_id}/deactivate`, body, admin)).status, 422)
  }
  const change = { role: 'admin', reason: 'Became a partner' }
  assert.equal((await office.call('PUT', `/staff/${buyer.account_id}`, change, admin)).status, 404)
})

test('in production staff do nothing by a password alone', async () => {
  const production = await accountsApp({ NODE_ENV: 'production', PUBLIC_ORIGIN: 'http://localhost:8000' })
  const email = addressOfSomebody()
  const asked = { name: 'Nina Alves', email, role: 'staff' }
  await production.browser().call('POST', '/staff/invitations', asked, admin)
  const { link = '' } = await production.mailed(email, 'staff_invitation')
  const nina = production.browser()
  await nina.call('POST', '/auth/accept-invitation', { token: link.split('/').at(-1), password: PASSWORD })
  const token = await nina.call('GET', '/auth/token')
  assert.deepEqual([token.status, token.body.type], [403, 'urn:mercado-veiculo:problem:second_factor_required'])
})

test('nobody changes their own rights, not even an admin', async () => {
  const dora = await member({ role: 'admin' })
  const own = { authorization: `Bearer admin.${dora.account_id}` }
  const change = { role: 'staff', scope: 'operator', discount_limit: 100, reason: 'Wants to sell' }
  const refused = await office.call('PUT', `/staff/${dora.account_id}`, change, own)
  assert.deepEqual([refused.status, refused.body.type], [403, 'urn:mercado-veiculo:problem:own_account'])
  assert.equal((await claims(dora)).role, 'admin')
})

test('two admins who end each other’s access at once: one of them stays', async () => {
  const [one, other, taker] = [await member({ role: 'admin' }), await member({ role: 'admin' }), await member()]
  await database.query(
    `update accounts set deactivated_at = now() where role = 'admin' and user_id <> all($1::text[])`,
    [[one.account_id, other.account_id]],
  )
  const body = { hand_over_to: taker.account_id, reason: 'Left the company' }
  const end = (id: string) => office.call('POST', `/staff/${id}/deactivate`, body, admin)
  const both = await Promise.all([end(one.account_id), end(other.account_id)])
  assert.deepEqual(both.map(({ status }) => status).sort(), [200, 409])
})

test('the message that hands work over commits in the transaction that ends the access', async () => {
  const [leaver, taker] = [await member({ scope: 'seller' }), await member()]
  const body = { hand_over_to: taker.account_id, reason: 'Left the company' }
  assert.equal((await office.call('POST', `/staff/${leaver.account_id}/deactivate`, body, admin)).status, 200)
  const told = sent.filter(({ type }) => type === workHandedOver.topic).at(-1)
  assert.deepEqual(told?.body, { from: leaver.account_id, to: taker.account_id, to_role: 'staff' })
})

test('the token names their own present customer record, found by their document', async () => {
  const nina = await member()
  assert.equal((await claims(nina)).customer_id, undefined)
  const document = generateCpf()
  const change = { role: 'staff', document, reason: 'Her CPF was missing' }
  assert.equal((await office.call('PUT', `/staff/${nina.account_id}`, change, admin)).status, 200)
  const own = (customer_id: number | null) =>
    cliente.others.set('own-record', (_account, body) =>
      body.document === document ? { status: 200, content: { customer_id } } : { status: 422, content: {} },
    )
  own(77)
  assert.equal((await claims(nina)).customer_id, 77)
  cliente.others.set('own-record', () => ({ status: 503, content: {} }))
  assert.equal((await claims(nina)).customer_id, 77)
  own(null)
  assert.equal((await claims(nina)).customer_id, undefined)
})

test('only avisos-service gets the names and addresses of deciders', async () => {
  const dora = await member({ role: 'admin' })
  const { body } = await office.call('GET', '/staff-contacts', undefined, { authorization: 'Bearer avisos-service' })
  const found = body.staff.find(({ account_id }: { account_id: string }) => account_id === dora.account_id)
  assert.deepEqual([found.email, found.name], [dora.email, 'Nina Alves'])
  for (const authorization of ['Bearer staff', 'Bearer admin', 'Bearer service'])
    assert.equal((await office.call('GET', '/staff-contacts', undefined, { authorization })).status, 403)
})

test('names of those who work here are for those who work here, without their addresses', async () => {
  const nina = await member({ scope: 'seller' })
  const names = await office.call('GET', '/staff/names', undefined, { authorization: 'Bearer staff' })
  assert.equal(names.status, 200)
  assert.ok(!JSON.stringify(names.body).includes('@'))
  const hers = names.body.staff.find(({ account_id }: { account_id: string }) => account_id === nina.account_id)
  assert.deepEqual(hers, { account_id: nina.account_id, name: 'Nina Alves' })
  assert.equal((await browser().call('GET', '/staff/names')).status, 401)
})
