/** The changes that a request asks for, line by line: the value now, and the new value. Pure. */
import type { Approval } from '../../clients/typescript/operations.ts'
import { fieldName } from '../texts/office-acts.pt-br.ts'
import { fieldValue } from './field-value.ts'

/** Fields that are only technical, or shown elsewhere. */
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

/** Facts that the request rests on and does not change, shown where they help to decide. */
const TOLD_BESIDE = ['cost', 'list', 'taken', 'moved', 'limit']

interface ApprovalLine {
  readonly name: string
  readonly value: string
  /** The present value, if the request would change it. */
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
