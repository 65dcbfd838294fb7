/** Refusals at the HTTP edge: RFC 9457 problem details out of the catalogue. */

import { type Static, Type } from 'typebox'
import { detailsInPortuguese, type ProblemName, problems, titlesInPortuguese } from '#contracts'

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

export type Language = 'en' | 'pt-BR'

/** Fills `{name}` in a detail of the catalogue from the extension of that name. */
export function problemBody(
  name: ProblemName,
  instance: string,
  extensions: Readonly<Record<string, unknown>> = {},
  language: Language = 'en',
): ProblemBody {
  const { type, status } = problems[name]
  const { title, detail } = wordsIn(language, name)
  const filled = detail.replace(/\{(\w+)\}/g, (_, key: string) => String(extensions[key]))
  return { type, title, status, detail: filled, instance, ...extensions }
}

/** The Portuguese words, by the English ones. */
const portugueseTitles: Readonly<Record<string, string>> = titlesInPortuguese

export function wordsIn(language: Language, name: ProblemName) {
  const english = problems[name]
  if (language === 'en') return english
  return { title: portugueseTitles[english.title] ?? english.title, detail: detailsInPortuguese[name] }
}
