/** `/sair` */
import { type ActionFunctionArgs, redirect } from 'react-router'
import { ask, forget } from '../../session.server.ts'

export const loader = () => redirect('/')

export async function action(args: ActionFunctionArgs): Promise<Response> {
  const { cookies } = await ask(args, 'POST', '/auth/sign-out', {})
  forget(args)
  return redirect('/', { status: 303, headers: cookies })
}
