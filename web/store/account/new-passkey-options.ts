/** `/conta/seguranca/chave`: what a device is asked to make a passkey with. */
import type { LoaderFunctionArgs } from 'react-router'
import { ask } from '../../session.server.ts'

export async function loader(args: LoaderFunctionArgs): Promise<Response> {
  const answer = await ask(args, 'GET', '/auth/passkey/generate-register-options')
  if (!answer.ok) throw new Response(null, { status: answer.status })
  answer.cookies.set('content-type', 'application/json')
  return new Response(JSON.stringify(answer.content), { headers: answer.cookies })
}
