/** Handles a refusal that a page has no words of its own for: the page of that status is shown. */
import type { OperationName, Result, Success } from '../clients/typescript/client.ts'

export function expected<Name extends OperationName>(
  result: Result<Name>,
): Extract<Result<Name>, Success<unknown>>['data'] {
  if (result.ok) return result.data as never
  throw new Response(null, { status: result.status === 429 || result.status >= 500 ? 503 : result.status })
}

/** For data that a page can do without: the rest is shown all the same. */
export const orElse = <Value>(promise: Promise<Value>, fallback: Value): Promise<Value> => promise.catch(() => fallback)

/** For data that a role may not see: undefined when the service refuses it to this person. */
export function orHidden<Name extends OperationName>(
  result: Result<Name>,
): Extract<Result<Name>, Success<unknown>>['data'] | undefined {
  return !result.ok && result.status === 403 ? undefined : expected(result)
}
