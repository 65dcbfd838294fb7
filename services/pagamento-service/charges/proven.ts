/** Every message that tells a purchase that it is paid carries the proof on which veiculo-service sells. */
import { type BodyOf, paymentProcessed } from '#contracts'
import type { ApprovalKind } from '#host'
import type { MessageHandler, Outgoing, Send, UnitOfWork } from '#messaging'
import type { Prover } from '#platform/tokens/payment-proof'

export const provenWork =
  (work: UnitOfWork, prover: Prover): UnitOfWork =>
  (run) =>
    work((tx, send) => run(tx, provenSend(send, prover)))

export const provenHandler =
  (prover: Prover) =>
  ({ handle, ...same }: MessageHandler): MessageHandler => ({
    ...same,
    handle: (tx, messages, send) => handle(tx, messages, provenSend(send, prover)),
  })

/** A second person's approval may complete a payment, so its messages need the proof too. */
export const provenKind =
  (prover: Prover) =>
  ({ carryOut, ...same }: ApprovalKind): ApprovalKind => ({
    ...same,
    carryOut: (tx, send, ...rest) => carryOut(tx, provenSend(send, prover), ...rest),
  })

const provenSend =
  (send: Send, prover: Prover): Send =>
  (...messages) =>
    send(...messages.map((message) => withProof(message, prover)))

function withProof(message: Outgoing, { prove }: Prover): Outgoing {
  if (message.contract.topic !== paymentProcessed.topic) return message
  const body = message.body as BodyOf<typeof paymentProcessed>
  return { ...message, body: { ...body, proof: prove(message.transaction_id, body.amount_cents) } }
}
