/** `/entrar/chave`: the challenge for a device that signs in with a passkey, and its answer. */
import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from 'react-router'
import { ask, forget, localPath } from '../../session.server.ts'

export async function loader(args: LoaderFunctionArgs): Promise<Response> {
  const answer = await ask(args, 'GET', '/auth/passkey/generate-authenticate-options')
  if (!answer.ok) throw new Response(null, { status: answer.status })
  answer.cookies.set('content-type', 'application/json')
  return new Response(JSON.stringify(answer.content), { headers: answer.cookies })
}

export async function action(args: ActionFunctionArgs): Promise<Response> {
  const form = await args.request.formData()
  const back = localPath(form.get('volta') as string | null)
  const response: unknown = JSON.parse(String(form.get('resposta')))
  const answer = await ask(args, 'POST', '/auth/passkey/verify-authentication', { response })
  forget(args)
  if (answer.ok) return redirect(back, { status: 303, headers: answer.cookies })
  return redirect(`/entrar?volta=${encodeURIComponent(back)}`, 303)
}
