/** The public key by which veiculo-service checks proofs of payment. It can make no proof, so everybody may have it. */
import { Type } from 'typebox'
import { PaymentProofKey } from '#contracts'
import { answers } from '#platform/http/app'
import type { Handler, HttpApp } from '#platform/http/server'
import type { Prover } from '#platform/tokens/payment-proof'

export const proofKeyRoute = (prover: Prover) => (app: HttpApp) => {
  app.get('/payment-proofs/key', { schema: showKeySchema }, showKey(prover))
}

const showKeySchema = {
  hide: true, // between services
  response: answers({ 200: Type.Object(PaymentProofKey.properties) }),
}

const showKey =
  ({ publicKey }: Prover): Handler<typeof showKeySchema> =>
  () =>
    ({ kty: 'OKP', crv: 'Ed25519', x: publicKey }) as const
