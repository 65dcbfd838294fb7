/** The routes of payment codes: look them up, and show one as a picture. */
import { Type } from 'typebox'
import { renderSVG } from 'uqr'
import { PaymentCodeStatus, TransactionId } from '#contracts'
import type { Clock } from '#platform/clock'
import type { Database } from '#platform/database/database'
import { answers } from '#platform/http/app'
import { onlyCustomer } from '#platform/http/auth'
import type { Handler, HttpApp } from '#platform/http/server'
import { Problem } from '#platform/problem'
import { listCodes } from '../charges/listing-store.ts'
import { filterIn, PAGED, pageIn, stretch } from './stretch.ts'
import { CodeView, codeView } from './views.ts'

const tags = ['payment codes']
const params = Type.Object({ code: Type.String({ description: 'The code of a payment; upper and lower case differ' }) })

interface Parts {
  readonly database: Database
  readonly clock: Clock
}

export const codeRoutes = (parts: Parts) => (app: HttpApp) => {
  app.get('/payment-codes', { schema: showCodesSchema }, showCodes(parts))
  app.get('/payment-codes/:code', { config: { pace: 'lookup' }, schema: showCodeSchema }, showCode(parts))
  app.get('/payment-codes/:code/qr.svg', { schema: showPictureSchema }, showPicture(parts))
}

const showCodesSchema = {
  summary: 'Lists payment codes, the newest first',
  description: PAGED,
  tags,
  querystring: Type.Object({
    status: Type.Optional(PaymentCodeStatus),
    transaction_id: Type.Optional(TransactionId),
    overdue: Type.Optional(
      Type.Enum(['true'], {
        description: 'Codes of the counter that hold money past their time: staff extend them, or cancel the purchase',
      }),
    ),
    ...stretch,
  }),
  response: answers({ 200: Type.Array(CodeView) }, 'validation_failed'),
}

const showCodes =
  ({ database, clock }: Parts): Handler<typeof showCodesSchema> =>
  async (request, reply) => {
    const { limit, overdue, ...asked } = request.query
    const filter = { ...filterIn(request, { limit, ...asked }), overdue_at: overdue && clock.now() }
    const found = await listCodes(database, filter, limit + 1)
    return pageIn(request, reply, found, limit).map(codeView)
  }

const showCodeSchema = {
  summary: 'Shows a payment code',
  tags,
  params,
  response: answers({ 200: CodeView }, 'payment_code_not_found', 'validation_failed'),
}

const showCode =
  ({ database }: Parts): Handler<typeof showCodeSchema> =>
  async (request) =>
    codeView(await codeNamed(database, request.params.code, onlyCustomer(request)))

const showPictureSchema = {
  summary: 'Shows what a Pix is paid by as a QR code, while it can be paid',
  tags,
  params,
  response: answers(
    {
      200: {
        description: 'The picture, black on white with a margin, of any size',
        content: { 'image/svg+xml': { schema: Type.String() } },
      },
    },
    'payment_code_not_found',
    'no_qr_code',
    'validation_failed',
  ),
}

const showPicture =
  ({ database }: Parts): Handler<typeof showPictureSchema> =>
  async (request, reply) => {
    const { status, pix_copy_paste } = await codeNamed(database, request.params.code, onlyCustomer(request))
    if (status !== 'pending' || pix_copy_paste === null) throw new Problem('no_qr_code')
    // a reader wants a quiet zone of four modules (ISO/IEC 18004); the text is long, and a screen loses little of it
    const picture = renderSVG(pix_copy_paste, { ecc: 'M', border: 4 })
    return reply.type('image/svg+xml').header('cache-control', 'no-store').send(picture)
  }

async function codeNamed(database: Database, code: string, customer_id: number | undefined) {
  const isOne = /^[A-Za-z0-9]{1,25}$/.test(code)
  const [found] = isOne ? await listCodes(database, { code, customer_id }, 1) : []
  if (!found) throw new Problem('payment_code_not_found')
  return found
}
