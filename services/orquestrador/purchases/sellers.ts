/** The sellers of a purchase. Pure. */
import { type Static, Type } from 'typebox'
import type { PurchaseRequest } from '../purchase-saga.ts'

export const SellersField = Type.Array(
  Type.Object(
    {
      id: Type.String({ minLength: 1, maxLength: 100, pattern: '^[\\w.@:-]+$' }),
      share: Type.Integer({ minimum: 1, maximum: 100, description: 'Of a hundred' }),
    },
    { additionalProperties: false },
  ),
  { minItems: 1, maxItems: 10, description: 'Who sold it; the shares come to 100' },
)

/** What a schema can't see. */
export function faultsOf(sellers: Static<typeof SellersField> | undefined): { path: string; message: string }[] {
  if (!sellers) return []
  const sum = sellers.reduce((shares, { share }) => shares + share, 0)
  const isTwice = new Set(sellers.map(({ id }) => id)).size !== sellers.length
  return [
    ...(sum === 100 ? [] : [{ path: '/sellers', message: 'must have shares that come to 100' }]),
    ...(isTwice ? [{ path: '/sellers', message: 'must name nobody twice' }] : []),
  ]
}

const BY_STAFF = /^staff(?: (.+))?$/

/** The member of staff who begins a purchase is its seller, and so are the people whom they name. */
export function sellersOf({ began_by = '', sellers = [] }: PurchaseRequest): string[] {
  const [role, subject = role] = BY_STAFF.exec(began_by) ?? []
  return [...new Set([...(subject === undefined ? [] : [subject]), ...sellers.map(({ id }) => id)])]
}
