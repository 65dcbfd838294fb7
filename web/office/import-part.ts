/** `/painel/estoque/importar/parte` takes a part of a file. The page sends one part after the other. */
import type { ActionFunctionArgs } from 'react-router'
import { takeIn } from './import-file.server.ts'

export async function action(args: ActionFunctionArgs): Promise<Response> {
  const outcome = await takeIn(args)
  return Response.json(outcome, { status: outcome.fault ? 409 : 200 })
}
