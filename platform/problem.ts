/** Refusals at the HTTP edge: RFC 9457 problem details out of the catalogue. */

import { type Static, Type } from 'typebox'
import { type ProblemName, problems } from '#contracts'

export const ProblemSchema = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    instance: Type.String(),
    errors: Type.Optional(Type.Array(Type.Object({ path: Type.String(), message: Type.String() }))),
  },
  { title: 'Problem', additionalProperties: true },
)
export type ProblemBody = Static<typeof ProblemSchema>

/** A route throws it to answer with a problem of the catalogue; any other error is a fault. */
export class Problem extends Error {
  readonly problem: ProblemName
  readonly extensions: Readonly<Record<string, unknown>>
  constructor(problem: ProblemName, extensions: Readonly<Record<string, unknown>> = {}) {
    super(problem)
    this.problem = problem
    this.extensions = extensions
  }
}

/** Fills `{name}` in a detail of the catalogue from the extension of that name. */
export function problemBody(
  name: ProblemName,
  instance: string,
  extensions: Readonly<Record<string, unknown>> = {},
): ProblemBody {
  const { type, title, status, detail } = problems[name]
  const filled = detail.replace(/\{(\w+)\}/g, (_, key: string) => String(extensions[key]))
  return { type, title, status, detail: filled, instance, ...extensions }
}
