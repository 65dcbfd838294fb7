/** Problems in OpenAPI documents: one answer for each status, with an example of each problem that has that status. */
import { type ProblemName, problems } from '#contracts'
import { ProblemSchema } from '../problem.ts'

/** Problems that any route may answer before its own code runs; `takesBody` follows from its method. */
export const commonProblems = (takesBody: boolean): readonly ProblemName[] => [
  'bad_request',
  'bad_token',
  'forbidden',
  ...(takesBody ? (['malformed_json', 'body_too_large', 'unsupported_media_type'] as const) : []),
  'rate_limited',
  'internal_error',
  'overloaded',
  'unavailable',
]

/** By status. */
export function problemAnswers(names: readonly ProblemName[]) {
  const statuses = Map.groupBy(new Set(names), (name) => problems[name].status)
  return [...statuses].map(([status, possible]) => [String(status), problemAnswer(possible)] as const)
}

const problemAnswer = (names: readonly ProblemName[]) => ({
  description: names.map((name) => problems[name].detail).join(' · '),
  content: {
    'application/problem+json': {
      schema: ProblemSchema,
      examples: problemExamples(names),
    },
  },
})

/** An example of each problem, by its name. */
export const problemExamples = (names: readonly ProblemName[]) =>
  Object.fromEntries(names.map((name) => [name, { value: exampleOf(name) }]))

function exampleOf(name: ProblemName) {
  const errors = [{ path: '/price', message: 'must be >= 0.01' }]
  return { ...problems[name], instance: '/vehicles/7', ...(name === 'validation_failed' && { errors }) }
}
