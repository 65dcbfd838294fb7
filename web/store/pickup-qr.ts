/** `/compra/{id}/retirada.svg`: the code that the shop scans when the car is handed over. */
import type { LoaderFunctionArgs } from 'react-router'
import { expected } from '../answers.server.ts'
import { api } from '../api.server.ts'
import { expectCustomer } from '../session.server.ts'
import { qrResponse } from './qr.server.ts'

export async function loader(args: LoaderFunctionArgs): Promise<Response> {
  await expectCustomer(args)
  const saga = expected(await api(args).getSagaState({ path: { transaction_id: args.params.id ?? '' } }))
  const code = saga.context.pickup_code
  if (!code) throw new Response(null, { status: 404 })
  return qrResponse(code)
}
