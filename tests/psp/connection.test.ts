/** The client of the API Pix against a PSP that follows Banco Central's description, and misbehaves when told to. */
import assert from 'node:assert/strict'
import { after, afterEach, test } from 'node:test'
import { getPixPayloadInfo } from '@brazilian-utils/brazilian-utils'
import { newCode, txidOf } from '../../services/pagamento-service/charges/new-code.ts'
import { ProviderFault } from '../../services/pagamento-service/domain/provider.ts'
import { pixCharges, pixGiveBack } from '../../services/pagamento-service/provider/pix/charges.ts'
import { type PixConnectionOptions, pixConnection } from '../../services/pagamento-service/provider/pix/connection.ts'
import { authority } from './certificates.ts'
import { CLIENT_ID, CLIENT_SECRET, PIX_KEY, type Psp, startPsp } from './psp.ts'

const psp = await startPsp()
after(() => psp[Symbol.asyncDispose]())
afterEach(() => assert.deepEqual(psp.faults.splice(0), []))

function clientOf(one: Psp, options: Partial<PixConnectionOptions> = {}, pixKey = PIX_KEY) {
  const connection = pixConnection({
    baseUrl: one.baseUrl,
    tokenUrl: one.tokenUrl,
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    certificate: one.client.certificate,
    key: one.client.key,
    ca: one.authority.certificate,
    ...options,
  })
  after(() => connection[Symbol.asyncDispose]())
  return {
    ...pixCharges(connection, { pixKey, lifetimeSeconds: 1_800 }),
    giveBack: pixGiveBack(connection),
  }
}

const client = clientOf(psp)
const PUT = 'PUT /cob/{txid}'
const GET = 'GET /cob/{txid}'
const PATCH = 'PATCH /cob/{txid}'
const REFUND = 'PUT /pix/{e2eid}/devolucao/{id}'

const someCharge = (amount_cents = 4_599_090) => ({ txid: txidOf(newCode()), amount_cents })
const refundOf = (end_to_end_id: string, amount_cents = 4_599_090, more = {}) => ({
  refund_id: 'P1A0',
  end_to_end_id,
  amount_cents,
  failures: 0,
  attempts: 1,
  ...more,
})
const isFault = (error: unknown): error is ProviderFault => error instanceof ProviderFault
/** The PSP's requests during `work`. */
async function asked(work: () => Promise<unknown>): Promise<string[]> {
  const before = psp.requests.length
  await work()
  return psp.requests.slice(before)
}

test('makes a charge that a buyer can pay, sees it paid, and gives the money back', async () => {
  const charge = someCharge()
  const opened = await client.open(charge)
  assert.ok(opened.ok)
  assert.ok(getPixPayloadInfo(opened.pix_copy_paste))
  assert.deepEqual([psp.charges.get(charge.txid)?.valor, psp.charges.get(charge.txid)?.expiracao], ['45990.90', 1_800])
  assert.deepEqual(await client.look(charge.txid), { status: 'open', pix: [] })
  const end_to_end_id = psp.pay(charge.txid)
  const { status, pix } = await client.look(charge.txid)
  assert.equal(status, 'paid')
  assert.deepEqual(
    pix.map((one) => [one.end_to_end_id, one.amount_cents]),
    [[end_to_end_id, 4_599_090]],
  )
  assert.deepEqual(await client.giveBack(refundOf(end_to_end_id)), { status: 'under_way' })
  assert.deepEqual(await client.giveBack(refundOf(end_to_end_id, 4_599_090, { attempts: 2 })), { status: 'done' })
})

test('the same charge and the same refund, asked for again, are one', async () => {
  const charge = someCharge(5)
  const [first, second] = [await client.open(charge), await client.open(charge)]
  assert.deepEqual(first, second)
  const end_to_end_id = psp.pay(charge.txid)
  assert.deepEqual(await client.open(charge), first, 'even when it was paid meanwhile')
  await client.giveBack(refundOf(end_to_end_id, 5))
  assert.deepEqual(await client.giveBack(refundOf(end_to_end_id, 5)), { status: 'done' }, 'the first answer was lost')
  assert.equal(psp.charges.get(charge.txid)?.pix[0]?.devolucoes.length, 1)
})

test('one token serves many calls, also those that come at the same time', async () => {
  const fresh = clientOf(psp)
  const requests = await asked(() => Promise.all(Array.from({ length: 10 }, () => fresh.open(someCharge()))))
  assert.equal(requests.filter((one) => one === 'token').length, 1)
  assert.deepEqual(await asked(() => fresh.look(someCharge().txid)), [GET])
})

test('a token that the PSP no longer takes is renewed once; one that is never taken is a fault', async () => {
  await client.open(someCharge())
  psp.forgetTokens()
  const requests = await asked(() => Promise.all([client.open(someCharge()), client.open(someCharge())]))
  assert.deepEqual(requests.filter((one) => one === 'token').length, 1)
  psp.next(PUT, { kind: 'answer', status: 401 }, { kind: 'answer', status: 401 })
  assert.deepEqual(await asked(() => assert.rejects(client.open(someCharge()), isFault)), [PUT, 'token', PUT])
})

test('a token is not used when it is about to run out', async () => {
  await using hasty = await startPsp({ tokenSeconds: 0.2 })
  const fresh = clientOf(hasty)
  const charge = someCharge()
  await fresh.open(charge)
  const done = Date.now() + 2_000
  while (hasty.requests.filter((one) => one === 'token').length < 2 && Date.now() < done) await fresh.look(charge.txid)
  assert.equal(hasty.requests.filter((one) => one === 'token').length, 2)
  assert.deepEqual(hasty.faults, [])
})

test('a certificate of another authority, none, or one of another client opens no door', async () => {
  const stranger = await (await authority('Somebody')).issue(CLIENT_ID)
  const other = await psp.authority.issue('another-client')
  for (const { certificate, key } of [stranger, other]) {
    await assert.rejects(clientOf(psp, { certificate, key }).open(someCharge()), isFault)
  }
  await assert.rejects(clientOf(psp, { clientSecret: 'wrong' }).open(someCharge()), isFault)
})

test('a PSP whose certificate is not of the authority that is trusted is not spoken to', async () => {
  const { certificate } = await authority('Trusted')
  for (const ca of [certificate, undefined]) {
    const requests = await asked(() => assert.rejects(clientOf(psp, { ca }).open(someCharge()), isFault))
    assert.deepEqual(requests, [])
  }
})

test('a late answer, none at all, or a meaningless one is a fault', async () => {
  const impatient = clientOf(psp, { timeoutMs: 150 })
  await impatient.look(someCharge().txid)
  for (const kind of ['silence', 'reset', 'nonsense'] as const) {
    psp.next(GET, { kind })
    const begun = performance.now()
    await assert.rejects(impatient.look(someCharge().txid), isFault)
    assert.ok(performance.now() - begun < 2_000)
  }
  psp.next('token', { kind: 'silence' })
  await assert.rejects(clientOf(psp, { timeoutMs: 150 }).look(someCharge().txid), isFault)
})

test('too many requests and failures of the PSP are faults, never refusals, and say when to come again', async () => {
  const faultOf = (status: number, headers = {}) => {
    psp.next(PUT, { kind: 'answer', status, headers })
    return client.open(someCharge()).then(
      () => assert.fail('it was answered'),
      (error) => (isFault(error) ? error : assert.fail(String(error))),
    )
  }
  assert.equal((await faultOf(429, { 'retry-after': '7' })).retryAfterMs, 7_000)
  const dated = await faultOf(503, { 'retry-after': new Date(Date.now() + 60_000).toUTCString() })
  assert.ok(dated.retryAfterMs && dated.retryAfterMs > 50_000 && dated.retryAfterMs <= 60_000)
  assert.equal((await faultOf(429, { 'retry-after': 'soon' })).retryAfterMs, undefined)
  for (const status of [408, 500, 502, 503, 504, 302]) await faultOf(status)
})

test('a refusal of the PSP keeps its reason, and nothing that it writes about people', async () => {
  const strange = clientOf(psp, {}, 'a key of somebody else')
  assert.deepEqual(await strange.open(someCharge()), { ok: false, reason: 'CobOperacaoInvalida cob.chave' })
})

test('a charge that is closed can not be paid; one that never was is closed as well', async () => {
  const charge = someCharge()
  await client.open(charge)
  assert.deepEqual(await asked(() => client.close(charge.txid)), [GET, PATCH])
  assert.equal(psp.charges.get(charge.txid)?.status, 'REMOVIDA_PELO_USUARIO_RECEBEDOR')
  assert.deepEqual(await client.close(charge.txid), { status: 'closed', pix: [] }, 'again')
  assert.deepEqual(await client.close(someCharge().txid), { status: 'closed', pix: [] })
})

test('a charge that is paid while it is being closed turns out to be paid', async () => {
  const [before, between] = [someCharge(), someCharge()]
  await Promise.all([client.open(before), client.open(between)])
  psp.pay(before.txid)
  assert.equal((await client.close(before.txid)).status, 'paid')
  psp.next(PATCH, { kind: 'meanwhile', happens: () => psp.pay(between.txid) })
  const { status, pix } = await client.close(between.txid)
  assert.deepEqual([status, pix.length], ['paid', 1])
})

test('a request whose answer is lost has happened, and asking again finds it', async () => {
  const charge = someCharge()
  psp.next(PUT, { kind: 'lost_answer' })
  await assert.rejects(client.open(charge), isFault)
  assert.equal((await client.open(charge)).ok, true)
  psp.next(PATCH, { kind: 'lost_answer' })
  await assert.rejects(client.close(charge.txid), isFault)
  assert.equal((await client.close(charge.txid)).status, 'closed')
  const paid = someCharge()
  await client.open(paid)
  const end_to_end_id = psp.pay(paid.txid)
  psp.next(REFUND, { kind: 'lost_answer' })
  await assert.rejects(client.giveBack(refundOf(end_to_end_id)), isFault)
  assert.deepEqual(await client.giveBack(refundOf(end_to_end_id, 4_599_090, { attempts: 2 })), { status: 'done' })
  assert.equal(psp.charges.get(paid.txid)?.pix[0]?.devolucoes.length, 1)
})

test('a refund that the PSP can not carry out, or refuses, is refused; another one may be asked for', async () => {
  const charge = someCharge()
  await client.open(charge)
  const end_to_end_id = psp.pay(charge.txid)
  psp.refundsEndAs('NAO_REALIZADO')
  await client.giveBack(refundOf(end_to_end_id))
  assert.deepEqual(await client.giveBack(refundOf(end_to_end_id, 4_599_090, { attempts: 2 })), {
    status: 'refused',
    reason: 'NAO_REALIZADO',
  })
  psp.refundsEndAs('DEVOLVIDO')
  const next = refundOf(end_to_end_id, 4_599_090, { refund_id: 'P1A1', failures: 1 })
  await client.giveBack(next)
  assert.deepEqual(await client.giveBack({ ...next, attempts: 2 }), { status: 'done' })
  assert.deepEqual(await client.giveBack(refundOf(end_to_end_id, 4_599_090, { refund_id: 'P1A2' })), {
    status: 'refused',
    reason: 'PixDevolucaoInvalida devolucao.valor',
  })
  const nobodys = refundOf('E'.padEnd(32, '0'))
  assert.deepEqual(await client.giveBack(nobodys), { status: 'refused', reason: 'PixNaoEncontrado' })
})
