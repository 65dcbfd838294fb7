/**
 * The proof that a purchase is paid: a signature that pagamento-service makes, that the purchase carries along, and that
 * veiculo-service checks. Its key follows from a secret of pagamento-service alone, so that no token of another service,
 * stolen or not, frees a vehicle.
 */
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'

export interface Prover {
  /** The same for the same payment, however often it is asked. */
  prove(transaction_id: string, amount_cents: number): string
  /** As in a JWK's `x`: it checks proofs, but cannot make any. */
  readonly publicKey: string
}

/** PKCS #8 of an Ed25519 key (RFC 8410, section 7), up to its 32 bytes. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')
const VERSION = 'v1'

/** `secret`: 32 bytes, base64url. */
export function proverOf(secret: string): Prover {
  const key = createPrivateKey({
    key: Buffer.concat([PKCS8, Buffer.from(secret, 'base64url')]),
    format: 'der',
    type: 'pkcs8',
  })
  const { x = '' } = createPublicKey(key).export({ format: 'jwk' })
  return {
    prove: (transaction_id, amount_cents) => {
      const signature = sign(null, statement(transaction_id, amount_cents), key)
      return `${VERSION}.${amount_cents}.${signature.toString('base64url')}`
    },
    publicKey: x,
  }
}

export const checkingKey = (x: string): KeyObject =>
  createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })

export function proves(key: KeyObject, transaction_id: string, proof: string): boolean {
  const [version, cents = '', signature = ''] = proof.split('.')
  if (version !== VERSION || !/^[0-9]{1,15}$/.test(cents)) return false
  return verify(null, statement(transaction_id, Number(cents)), key, Buffer.from(signature, 'base64url'))
}

const statement = (transaction_id: string, amount_cents: number) =>
  Buffer.from(`mercado-veiculo payment ${VERSION}\n${transaction_id}\n${amount_cents}`)
