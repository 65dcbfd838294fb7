/** `/painel/estoque/importar/parte`: a part of a file, for the page that sends one after the other. */
import type { ActionFunctionArgs } from 'react-router'
import { takeIn } from './import-file.server.ts'

export async function action(args: ActionFunctionArgs): Promise<Response> {
  const outcome = await takeIn(args)
  return Response.json(outcome, { status: outcome.fault ? 409 : 200 })
}
