/**
 * The routes by which providers report payments. Both can be repeated at will: the records decide. Bodies may have more fields
 * than are named here, because the API Pix demands that of its receivers.
 */
import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify'
import { type Static, Type } from 'typebox'
import { PaymentCodeText, Timestamp } from '#contracts'
import type { UnitOfWork } from '#messaging'
import type { Clock } from '#platform/clock'
import { answers } from '#platform/http/app'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import { lockChargesNamed } from '../charges/charge-store.ts'
import { decideCharge } from '../charges/decide-charge.ts'
import { cancelled } from '../domain/receipt.ts'
import { paymentReply } from '../domain/replies.ts'
import { type NamedReceipt, takeReceipts } from '../receipts/receipts.ts'
import type { RemoteLook } from '../receipts/remote-look.ts'
import { rawBodyOf, signedBodies } from './signed-bodies.ts'
import { isSigned } from './webhook-signature.ts'

export interface WebhookParts {
  readonly unitOfWork: UnitOfWork
  readonly clock: Clock
  readonly secrets: readonly string[]
  /** Absent when no provider is asked over the network. */
  readonly look?: RemoteLook | undefined
  /** Called after a commit that left money to be given back. */
  readonly onErrand: () => void
}

/** 32 characters in the API Pix; other providers have ids of their own. */
const EndToEndId = Type.String({ pattern: '^[A-Za-z0-9._-]{1,64}$' })

const PaymentNews = Type.Object(
  {
    payment_code: PaymentCodeText,
    status: Type.Enum(['paid', 'cancelled']),
    paid_at: Type.Optional(Timestamp),
    end_to_end_id: Type.Optional(EndToEndId),
  },
  {
    examples: [
      {
        payment_code: 'k7Qd0VxT2mZp9LrB4sWcY6uNa',
        status: 'paid',
        paid_at: '2026-03-02T12:10:00.000Z',
        end_to_end_id: 'E12345678202603021200s0123456789',
      },
    ],
  },
)

const PixPayment = Type.Object({
  endToEndId: EndToEndId,
  txid: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9]{1,35}$' })),
  valor: Type.String({ pattern: '^[0-9]{1,10}\\.[0-9]{2}$', description: 'BRL' }),
  horario: Timestamp,
})

const PixNews = Type.Object(
  {
    pix: Type.Optional(
      Type.Array(PixPayment, {
        maxItems: 1_000,
        description: 'Absent: a PSP has only tried whether somebody listens, as some do when the address is registered',
      }),
    ),
  },
  {
    examples: [
      {
        pix: [
          {
            endToEndId: 'E12345678202603021200s0123456789',
            txid: '7978c0c97ea847e78e8849634473c1f1',
            valor: '45000.00',
            horario: '2026-03-02T12:10:00.000Z',
          },
        ],
      },
    ],
  },
)

const SignatureHeaders = Type.Object({
  'x-signature': Type.Optional(
    Type.String({
      description:
        't=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">, over the body as it is sent; at most 5 minutes off',
    }),
  ),
})

const Done = Type.Null({ description: 'Taken, or known already' })
const tags = ['webhooks']

export const webhookRoutes = (parts: WebhookParts) => (app: HttpApp) => {
  signedBodies(app, (scope) => {
    scope.post(
      '/webhooks/payments',
      {
        config: { pace: 'unlimited' },
        preValidation: expectSigned(parts),
        schema: hearOfPaymentSchema,
      },
      hearOfPayment(parts),
    )
    scope.post(
      '/webhooks/pix',
      {
        // without a signature anybody may call it, and each call may cost a request to the provider
        config: parts.look ? {} : { pace: 'unlimited' },
        ...(!parts.look && { preValidation: expectSigned(parts) }),
        schema: hearOfPixSchema,
      },
      hearOfPix(parts),
    )
  })
}

const hearOfPaymentSchema = {
  summary: 'A provider tells that a code was paid, or will not be',
  description:
    'The same delivery again has no second effect. Money for a code that is closed, or paid already, is given back ' +
    'by itself. Where a provider holds the charge, it is asked before it is believed.',
  tags,
  headers: SignatureHeaders,
  body: PaymentNews,
  response: answers(
    { 204: Done },
    'bad_signature',
    'payment_code_not_found',
    'malformed_json',
    'validation_failed',
    'unavailable',
  ),
}

const hearOfPayment =
  (parts: WebhookParts): Handler<typeof hearOfPaymentSchema> =>
  async ({ body }, reply) => {
    const { payment_code, status } = body
    const found = await parts.look?.([payment_code])
    if (found?.looked.has(payment_code)) await take(found.receipts, parts)
    else if (status === 'cancelled') await cancel(payment_code, parts)
    else {
      const { charges } = await take([receiptOf(body, parts.clock.now())], parts)
      if (!charges.has(payment_code)) throw new Problem('payment_code_not_found')
    }
    return reply.code(204).send(null)
  }

const hearOfPixSchema = {
  summary: "The callback of Banco Central's API Pix",
  description:
    'Nothing in it is believed: the provider is asked about each charge that it names, and charges of others are ' +
    'left alone. With the simulated provider, which cannot be asked, it must be signed like `/webhooks/payments`; ' +
    '`txid` is then the payment code.',
  tags,
  headers: SignatureHeaders,
  body: PixNews,
  response: answers({ 204: Done }, 'bad_signature', 'malformed_json', 'validation_failed', 'unavailable'),
}

const hearOfPix =
  (parts: WebhookParts): Handler<typeof hearOfPixSchema> =>
  async ({ body: { pix = [] } }, reply) => {
    if (pix.length === 0) return reply.code(204).send(null)
    const { look, clock } = parts
    const receipts = look
      ? (await look(pix.flatMap(({ txid = [] }) => txid))).receipts
      : pix.flatMap((one) => receiptOfPix(one, clock.now()))
    await take(receipts, parts)
    return reply.code(204).send(null)
  }

const expectSigned =
  ({ secrets, clock }: WebhookParts) =>
  (request: FastifyRequest, _reply: FastifyReply, done: HookHandlerDoneFunction): void => {
    if (!isSigned(request.headers['x-signature'], rawBodyOf(request), secrets, clock.now()))
      throw new Problem('bad_signature')
    done()
  }

async function take(receipts: readonly NamedReceipt[], { unitOfWork, clock, onErrand }: WebhookParts) {
  const taken = await unitOfWork((tx, send) => takeReceipts(tx, send, receipts, clock.now()))
  if (taken.hasErrand) onErrand()
  return taken
}

async function cancel(payment_code: string, { unitOfWork, clock }: WebhookParts) {
  await unitOfWork(async (tx, send) => {
    const [charge] = await lockChargesNamed(tx, [payment_code])
    if (!charge) throw new Problem('payment_code_not_found')
    await decideCharge(tx, send, charge, cancelled, paymentReply, clock.now())
  })
}

const receiptOf = ({ payment_code, paid_at, end_to_end_id }: Static<typeof PaymentNews>, now: Date): NamedReceipt => ({
  name: payment_code,
  amount_cents: null,
  end_to_end_id: end_to_end_id ?? null,
  paid_at: moment(paid_at, now),
})

const receiptOfPix = ({ endToEndId, txid, valor, horario }: Static<typeof PixPayment>, now: Date): NamedReceipt[] =>
  txid === undefined
    ? []
    : [{ name: txid, amount_cents: centsOf(valor), end_to_end_id: endToEndId, paid_at: moment(horario, now) }]

/** RFC 3339 has leap seconds, JavaScript has none. */
function moment(text: string | undefined, now: Date): Date {
  const at = new Date(text ?? Number.NaN)
  return Number.isNaN(at.getTime()) ? now : at
}

const centsOf = (valor: string): number => Number(valor.replace('.', ''))
