/** Proofs of payment, from the side of an attacker who has the orquestrador's token and nothing else. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { after, test } from 'node:test'
import { systemIds } from '#platform/clock'
import { PeerFault } from '#platform/peers'
import { proverOf } from '#platform/tokens/payment-proof'
import { database, offered, reservedBySomebody } from '../http/http.suite.ts'
import { proofs } from './proofs.ts'

const proverFor = () => proverOf(randomBytes(32).toString('base64url'))
let signer = proverFor()
let fetched = 0
const pagamento = createServer((_request, response) => {
  fetched += 1
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ kty: 'OKP', crv: 'Ed25519', x: signer.publicKey }))
})
await new Promise<void>((resolve) => pagamento.listen(0, '127.0.0.1', resolve))
after(() => pagamento.close())
const { port } = pagamento.address() as { port: number }
let now = new Date('2026-03-02T12:00:00Z')
const clock = { now: () => now }
const checker = (address = `http://127.0.0.1:${port}`) => proofs({ database, clock, addressOf: () => address })

test('a proof that pagamento-service signed for this purchase is believed, and its key is fetched once', async () => {
  const isPaid = checker()
  fetched = 0
  for (let time = 0; time < 3; time += 1) {
    const transaction_id = systemIds.uuid()
    assert.ok(await isPaid({ transaction_id, payment_proof: signer.prove(transaction_id, 100) }))
  }
  assert.equal(fetched, 1)
})

test('no proof, a proof of another purchase, or one with a made-up signature counts as unpaid', async () => {
  const isPaid = checker()
  const transaction_id = await reservedBySomebody(await offered())
  assert.equal(await isPaid({ transaction_id }), false)
  assert.equal(await isPaid({ transaction_id, payment_proof: signer.prove(systemIds.uuid(), 100) }), false)
  fetched = 0
  for (let time = 0; time < 20; time += 1)
    assert.equal(await isPaid({ transaction_id, payment_proof: proverFor().prove(transaction_id, 100) }), false)
  assert.equal(fetched, 0, 'bad proofs make nobody fetch the key again')
})

test('a key that was made anew is fetched again', async () => {
  const isPaid = checker()
  const transaction_id = systemIds.uuid()
  assert.ok(await isPaid({ transaction_id, payment_proof: signer.prove(transaction_id, 100) }))
  signer = proverFor()
  const payment_proof = signer.prove(transaction_id, 100)
  now = new Date(now.getTime() + 31_000)
  assert.ok(await isPaid({ transaction_id, payment_proof }))
})

test('while the key cannot be fetched, nothing is sold and nothing refused: the purchase asks again', async () => {
  const transaction_id = systemIds.uuid()
  const payment_proof = signer.prove(transaction_id, 100)
  await assert.rejects(checker('http://127.0.0.1:1')({ transaction_id, payment_proof }), PeerFault)
})

test('only a vehicle reserved under an older release is sold without a proof', async () => {
  const transaction_id = await reservedBySomebody(await offered())
  const later = new Date(Date.now() + 60_000)
  await database.query('update sales_without_proof set reserved_before = $1', [later])
  assert.equal(await checker()({ transaction_id }), true)
  assert.equal(await checker()({ transaction_id: systemIds.uuid() }), false)
  await database.query(`update sales_without_proof set reserved_before = '-infinity'`)
  assert.equal(await checker()({ transaction_id }), false)
})
