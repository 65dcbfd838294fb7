import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { checkingKey, proverOf, proves } from './payment-proof.ts'

const secret = () => randomBytes(32).toString('base64url')
const PURCHASE = '0195571c-3f6b-7a6e-9b0c-6f1f2f0c1d2e'
const OTHER = '0195571c-3f6b-7a6e-9b0c-6f1f2f0c1d2f'

test('a proof proves its own purchase, again and again, to whoever has the public key', () => {
  const same = secret()
  const [one, replica] = [proverOf(same), proverOf(same)]
  const proof = one.prove(PURCHASE, 4_500_000)
  assert.equal(proof, replica.prove(PURCHASE, 4_500_000))
  assert.ok(proves(checkingKey(replica.publicKey), PURCHASE, proof))
})

test('it proves no other purchase and no other amount, and another key proves nothing', () => {
  const prover = proverOf(secret())
  const key = checkingKey(prover.publicKey)
  const proof = prover.prove(PURCHASE, 4_500_000)
  assert.equal(proves(key, OTHER, proof), false)
  assert.equal(proves(key, PURCHASE, proof.replace('4500000', '4500001')), false)
  assert.equal(proves(key, PURCHASE, proverOf(secret()).prove(PURCHASE, 4_500_000)), false)
  for (const forged of [
    '',
    'v1',
    'v1.4500000',
    'v1.4500000.',
    'v1.4500000.AAAA',
    proof.replace('v1', 'v2'),
    `${proof}A`.slice(1),
  ])
    assert.equal(proves(key, PURCHASE, forged), false, forged)
})
