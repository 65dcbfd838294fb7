/** What is told when a document or an e-mail is somebody else's. */
import { violatedConstraint } from '#platform/database/database'
import { Problem } from '#platform/problem'

export const taken = (problem: 'customer_exists' | 'email_taken') => (error: unknown) => {
  const constraint = violatedConstraint(error)
  const isTaken = constraint === 'customers_document_unique' || constraint === 'customers_email_unique'
  throw isTaken ? new Problem(problem) : error
}
