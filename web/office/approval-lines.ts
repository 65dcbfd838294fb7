/** What a request asks for, line by line: what it is now, and what it would be. Pure. */
import type { Approval } from '../../clients/typescript/operations.ts'
import { fieldName } from '../texts/office-acts.pt-br.ts'
import { fieldValue } from './field-value.ts'

/** Of the machine alone, or told elsewhere. */
const LEFT_OUT = new Set([
  'transaction_id',
  'payment_code',
  'customer_id',
  'vehicle_id',
  'id',
  'version',
  'etag',
  'author',
])

/** What it rests on and nobody asks to change, where it helps to decide. */
const TOLD_BESIDE = ['cost', 'list', 'taken', 'moved', 'limit']

interface ApprovalLine {
  readonly name: string
  readonly value: string
  /** What it is now, where it would be something else. */
  readonly before?: string
}

export function linesOf({ request, rests_on }: Pick<Approval, 'request' | 'rests_on'>): readonly ApprovalLine[] {
  const beside = TOLD_BESIDE.filter((name) => name in rests_on && !(name in request))
  const asked = Object.entries(request)
    .filter(([name, value]) => !LEFT_OUT.has(name) && value !== null && value !== undefined && value !== '')
    .map(([name, value]) => {
      const before = rests_on[name]
      const isTold = before !== undefined && before !== null && before !== value
      return {
        name: fieldName(name),
        value: fieldValue(name, value),
        ...(isTold && { before: fieldValue(name, before) }),
      }
    })
  return [...asked, ...beside.map((name) => ({ name: fieldName(name), value: fieldValue(name, rests_on[name]) }))]
}
