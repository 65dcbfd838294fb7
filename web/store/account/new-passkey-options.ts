/** `/conta/seguranca/chave`: the options with which a device makes a passkey. */
import type { LoaderFunctionArgs } from 'react-router'
import { ask } from '../../session.server.ts'

export async function loader(args: LoaderFunctionArgs): Promise<Response> {
  const answer = await ask(args, 'GET', '/auth/passkey/generate-register-options')
  if (!answer.ok) throw new Response(null, { status: answer.status })
  answer.cookies.set('content-type', 'application/json')
  return new Response(JSON.stringify(answer.content), { headers: answer.cookies })
}
