/** `/painel/relatorios/{vendas|estoque}.csv`: the file as the service makes it. */
import type { LoaderFunctionArgs } from 'react-router'
import { fetchFor } from '../api.server.ts'
import { expectStaff, tokenOf } from '../session.server.ts'

const REPORTS: Readonly<Record<string, string>> = { 'vendas.csv': '/reports/sales', 'estoque.csv': '/reports/stock' }

export async function loader(args: LoaderFunctionArgs): Promise<Response> {
  await expectStaff(args)
  const path = REPORTS[args.params.file ?? '']
  if (!path) throw new Response(null, { status: 404 })
  const { searchParams } = new URL(args.request.url)
  const query = new URLSearchParams()
  for (const name of ['from', 'to', 'group']) {
    const value = searchParams.get(name)
    if (value) query.set(name, value)
  }
  const answer = await fetchFor(args)(`${path}?${query}`, {
    headers: { accept: 'text/csv', authorization: `Bearer ${await tokenOf(args)}` },
  })
  // roles that may not see the report get 404
  if (!answer.ok) throw new Response(null, { status: answer.status === 403 ? 404 : answer.status })
  return new Response(answer.body, {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="${args.params.file}"`,
    },
  })
}
