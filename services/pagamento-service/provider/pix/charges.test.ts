/** A PSP's answer is believed only when it is about the same charge, the same refund and the same amount. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ProviderFault } from '../../domain/provider.ts'
import { pixCharges, pixGiveBack } from './charges.ts'
import type { PixConnection } from './connection.ts'

const TXID = '7978c0c97ea847e78e8849634473c1f1'
const END_TO_END_ID = 'E12345678202603021200s0123456789'
/** Banco Central's own example. */
const BR_CODE =
  '00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-4266554400005204000053039865802BR5913Fulano de Tal6008BRASILIA62070503***63041D3D'
const cob = { txid: TXID, status: 'ATIVA', valor: { original: '450.00' }, pixCopiaECola: BR_CODE }
const devolucao = { id: 'r1', valor: '450.00', status: 'DEVOLVIDO' }

type Answer = Awaited<ReturnType<PixConnection['call']>>

/** Gives the answers of each method in turn; a single answer is given every time. */
function answering(answers: Readonly<Record<string, Answer>>) {
  const asked: string[] = []
  const call: PixConnection['call'] = (method, path) => {
    asked.push(`${method} ${path}`)
    return Promise.resolve(answers[method] ?? { ok: false, status: 404, reason: 'not there' })
  }
  const connection: PixConnection = { call, async [Symbol.asyncDispose]() {} }
  return {
    asked,
    charges: pixCharges(connection, { pixKey: 'k', lifetimeSeconds: 60 }),
    giveBack: pixGiveBack(connection),
  }
}
const ok = (body: unknown): Answer => ({ ok: true, body })
const refused: Answer = { ok: false, status: 409, reason: 'no' }
const charge = { txid: TXID, amount_cents: 45_000 }
const refund = { end_to_end_id: END_TO_END_ID, refund_id: 'r1', amount_cents: 45_000, attempts: 1, failures: 0 }

test('a charge is opened for its own amount, with a code that can be paid', async () => {
  const opened = (body: object) => answering({ PUT: ok({ ...cob, ...body }) }).charges.open(charge)
  assert.deepEqual(await opened({}), { ok: true, pix_copy_paste: BR_CODE })
  for (const [body, reason] of [
    [{ valor: { original: '450.01' } }, 'made_with_another_amount'],
    [{ pixCopiaECola: undefined }, 'no_copia_e_cola'],
    [{ pixCopiaECola: `${BR_CODE.slice(0, -1)}E` }, 'no_br_code'],
    [{ status: 'REMOVIDA_PELO_PSP' }, 'removed'],
  ] as const)
    assert.deepEqual(await opened(body), { ok: false, reason })
  await assert.rejects(opened({ txid: 'another' }), ProviderFault)
})

test('a charge is found that an earlier request made although its answer was lost, and one that was never made is refused', async () => {
  assert.equal((await answering({ PUT: refused, GET: ok(cob) }).charges.open(charge)).ok, true)
  assert.deepEqual(await answering({ PUT: refused }).charges.open(charge), { ok: false, reason: 'no' })
})

test('a charge is closed unless it was paid, and one that was never made counts as closed', async () => {
  const paid = {
    ...cob,
    status: 'CONCLUIDA',
    pix: [{ endToEndId: END_TO_END_ID, valor: '450.00', horario: '2026-03-02T12:10:60Z' }],
  }
  const done = await answering({ GET: ok(paid) }).charges.close(TXID)
  assert.equal(done.status, 'paid')
  assert.equal(done.pix[0]?.paid_at.toISOString(), '2026-03-02T12:10:59.000Z', 'a leap second')
  assert.equal((await answering({}).charges.close(TXID)).status, 'closed')
  const removed = answering({ GET: ok(cob), PATCH: ok({ ...cob, status: 'REMOVIDA_PELO_USUARIO_RECEBEDOR' }) })
  assert.equal((await removed.charges.close(TXID)).status, 'closed')
  assert.equal(
    (await answering({ GET: ok(cob), PATCH: ok(cob) }).charges.close(TXID)).status,
    'open',
    'it says so itself',
  )
  await assert.rejects(answering({ GET: ok({ ...paid, pix: [] }) }).charges.look(TXID), ProviderFault)
  await assert.rejects(answering({ GET: ok({ ...cob, status: 'NOVA' }) }).charges.look(TXID), ProviderFault)
})

test('a refund is done once the PSP confirms that very refund and amount', async () => {
  const answered = (body: object, attempts = 1) =>
    answering({ PUT: ok({ ...devolucao, ...body }), GET: ok(devolucao) }).giveBack({ ...refund, attempts })
  assert.deepEqual(await answered({}), { status: 'done' })
  assert.deepEqual(await answered({ status: 'EM_PROCESSAMENTO' }), { status: 'under_way' })
  assert.deepEqual(await answered({ status: 'NAO_REALIZADO' }), { status: 'refused', reason: 'NAO_REALIZADO' })
  assert.deepEqual(await answered({ valor: '449.99' }), { status: 'refused', reason: 'made_with_another_amount' })
  await assert.rejects(answered({ id: 'r2' }), ProviderFault)
  await assert.rejects(answered({ status: 'TALVEZ' }), ProviderFault)
  assert.deepEqual(
    await answered({ status: 'NAO_REALIZADO' }, 2),
    { status: 'done' },
    'what was asked before is looked at first',
  )
  const lost = answering({ PUT: refused, GET: ok(devolucao) })
  assert.deepEqual(await lost.giveBack(refund), { status: 'done' })
  assert.deepEqual(await answering({ PUT: refused }).giveBack(refund), { status: 'refused', reason: 'no' })
  assert.equal((await answering({}).giveBack({ ...refund, end_to_end_id: null })).status, 'refused')
})
