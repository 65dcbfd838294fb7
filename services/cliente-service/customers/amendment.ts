/** Changes a customer and writes the records of the change: ledger, corrections, consents and, for staff, the journal. */
import {
  type Act,
  type Approval,
  type ApprovalKind,
  type Author,
  authorName,
  differences,
  expectStill,
  writeJournal,
} from '#host'
import type { Clock } from '#platform/clock'
import type { Tx } from '#platform/database/database'
import { Problem } from '#platform/problem'
import type { Vault } from '#platform/vault/vault'
import { insertMarked } from '../credit/credit-store.ts'
import { type Amendment, amend, type Customer } from '../domain/customer.ts'
import { movements } from '../domain/ledger.ts'
import { type Occasion, recordChanges } from '../rights/changes.ts'
import { keepFormerName } from '../rights/former-names-store.ts'
import { type CustomerRow, lockCustomer, updateCustomer } from './customer-store.ts'

export interface AmendmentParts {
  readonly vault: Vault
  readonly clock: Clock
}

const MONEY = ['account_balance_cents', 'credit_limit_cents'] as const
export type Money = Partial<Pick<Customer, (typeof MONEY)[number]>>

/** The values of a change that the journal keeps sealed. */
const PERSONAL = [
  'name',
  'email',
  'phone',
  'document',
  'birth_date',
  'driver_license',
  'address',
  'refund_pix_key',
  'representative',
  'consents',
] as const satisfies readonly (keyof Customer)[]

/** `approval_id`: of the second person's approval, or of an admin's own act beyond the limits. */
export async function storeAmendment(
  tx: Tx,
  { vault }: AmendmentParts,
  before: CustomerRow,
  after: CustomerRow,
  by: Author,
  occasion: Occasion & { readonly approval_id?: string },
): Promise<CustomerRow> {
  const { at, reason = null, approval_id } = occasion
  const mark = { author: authorName(by), reason, reference: null, approval_id: approval_id ?? null }
  insertMarked(tx, movements(before, after, 'adjustment'), mark, at)
  recordChanges(tx, before, after, occasion)
  if (after.name !== before.name) await keepFormerName(tx, vault, before.id, { name: before.name, until: at })
  const written = await updateCustomer(tx, vault, after)
  if (by.role !== 'customer') await writeJournal(tx, vault, actsOf(before, after, by, occasion))
  return written
}

function actsOf(
  before: Customer,
  after: Customer,
  by: Author,
  { at, reason = null, approval_id }: Occasion & { readonly approval_id?: string },
): Act[] {
  const money = differences(before, after, MONEY)
  const personal = differences(before, after, PERSONAL)
  if (!money && !personal) return []
  const about = { about: 'customer', about_id: before.id } as const
  return [
    {
      ...{ by, at, act: 'customer_changed', ...about, reason },
      ...money,
      ...(personal && { personal }),
      ...(approval_id && { approval_id }),
    },
  ]
}

/** The values that an approval to set these rests on: the previous ones. */
export const moneyOf = (customer: Customer, asked: Money): Money =>
  Object.fromEntries(MONEY.filter((name) => asked[name] !== undefined).map((name) => [name, customer[name]]))

/** Sets a balance or a credit limit absolutely, but only if it is still what it was when this was asked for. */
export const moneyKinds = (parts: AmendmentParts, textVersion: string): ApprovalKind[] =>
  ['balance', 'credit_limit'].map((kind) => ({
    kind,
    carryOut: (tx, _send, approval) => setMoney(tx, parts, approval, textVersion),
  }))

async function setMoney(tx: Tx, parts: AmendmentParts, approval: Approval, text_version: string): Promise<void> {
  const { id, about_id, asked, reason } = approval
  const customer = await lockCustomer(tx, parts.vault, Number(about_id))
  if (!customer) throw new Problem('customer_not_found')
  const request = approval.request as Amendment
  expectStill(approval, { ...moneyOf(customer, request) })
  const at = parts.clock.now()
  const after = amend(customer, request, at)
  if (typeof after === 'string') throw new Problem(after)
  const occasion = { at, recorded_by: authorName(asked), text_version, approval_id: id, ...(reason && { reason }) }
  await storeAmendment(tx, parts, customer, after, asked, occasion)
}
