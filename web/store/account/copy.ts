/** `/conta/dados/copia`: all data that is held about a person, as a file for them. */
import type { LoaderFunctionArgs } from 'react-router'
import { expected } from '../../answers.server.ts'
import { api } from '../../api.server.ts'
import { expectCustomer } from '../../session.server.ts'

export async function loader(args: LoaderFunctionArgs): Promise<Response> {
  const { id } = await expectCustomer(args)
  const copy = expected(await api(args).getCustomerPersonalData({ path: { id } }))
  return new Response(JSON.stringify(copy, null, 2), {
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'content-disposition': 'attachment; filename="meus-dados.json"',
    },
  })
}
