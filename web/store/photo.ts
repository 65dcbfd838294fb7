/** `/photos/{file}`, for pages that are reached without the gateway. Behind the gateway, veiculo-service answers there. */
import type { LoaderFunctionArgs } from 'react-router'
import { fetchFor } from '../api.server.ts'

const KEPT = ['content-type', 'content-length', 'cache-control', 'etag'] as const

export async function loader(args: LoaderFunctionArgs): Promise<Response> {
  const answer = await fetchFor(args)(`/photos/${encodeURIComponent(args.params.file ?? '')}`)
  if (!answer.ok) throw new Response(null, { status: answer.status === 429 ? 429 : 404 })
  const headers = KEPT.flatMap((name) => {
    const value = answer.headers.get(name)
    return value === null ? [] : [[name, value] as [string, string]]
  })
  return new Response(answer.body, { headers })
}
