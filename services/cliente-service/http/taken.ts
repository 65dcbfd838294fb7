/** The answer when a document or an e-mail belongs to another customer. */
import { violatedConstraint } from '#platform/database/pg-errors'
import { Problem } from '#platform/problem'

export const taken = (problem: 'customer_exists' | 'email_taken') => (error: unknown) => {
  const constraint = violatedConstraint(error)
  const isTaken = constraint === 'customers_document_unique' || constraint === 'customers_email_unique'
  throw isTaken ? new Problem(problem) : error
}
