/** Who may call an operation, in OpenAPI's words: its `security`, made from the table of permissions. */
import type { Permission, Permissions } from '#contracts'
import type { Json, Operation } from './openapi-document.ts'

export const SECURITY_SCHEMES = {
  token: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description:
      'A token that names a role, and lives for an hour at most: from identidade-service, or the provider that stands in for it',
  },
  signature: {
    type: 'apiKey',
    in: 'header',
    name: 'X-Signature',
    description: '`t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`, with the secret agreed with the sender',
  },
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: 'mercado.session_token',
    description: 'The session of somebody who signed in on the pages; over HTTPS its name begins with `__Host-`',
  },
} as const satisfies Json

/** Any one entry is enough. `{}` asks for no proof. A role beside a scheme is the role that the token must have. */
export function securityOf({ who, proof }: Permission): NonNullable<Operation['security']> {
  if (who !== 'everybody') return who.map((role) => ({ token: [role] }))
  if (proof === 'optional_token') return [{}, { token: [] }]
  return proof === undefined ? [] : [{ [proof]: [] }]
}

/** The row of `GET /customers/{id}` is `GET /customers/:id`. */
export const rowOf = (permissions: Permissions, method: string, path: string): Permission | undefined =>
  permissions[`${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`]
