/** The papers of a vehicle's purchase and sale: which are needed, and which are missing, due or late on a given day. */
import type { Cents } from '#contracts'
import { blockedBy, type Restrictions } from './restrictions.ts'
import type { Unidentified } from './vehicle.ts'

export const INVOICE_KINDS = ['entry', 'exit', 'return'] as const
export type InvoiceKind = (typeof INVOICE_KINDS)[number]
export const INVOICE_STATUSES = ['authorised', 'cancelled', 'returned'] as const

/** An NF-e, known by its key of 44 characters. */
export interface Invoice {
  readonly key: string
  readonly kind: InvoiceKind
  readonly status: (typeof INVOICE_STATUSES)[number]
  readonly value_cents: Cents
  /** A day in São Paulo. */
  readonly issued_on: string
}

export const INSPECTION_RESULTS = ['approved', 'approved_with_remarks', 'rejected'] as const

/** The papers that are no NF-e, each with its day. */
export interface Documents {
  /** The transfer that the previous owner signed, or the paper CRV of an older car. */
  readonly atpv_e: { readonly number: string; readonly signed_on: string | null } | null
  readonly crv: { readonly number: string } | null
  readonly renave_entry: { readonly done_on: string; readonly protocol: string | null } | null
  readonly renave_exit: { readonly done_on: string; readonly protocol: string | null } | null
  readonly inspection: {
    readonly report: string
    readonly done_on: string
    readonly result: (typeof INSPECTION_RESULTS)[number]
  } | null
  readonly communication_of_sale: { readonly done_on: string; readonly protocol: string | null } | null
}

export const NO_DOCUMENTS: Documents = {
  atpv_e: null,
  crv: null,
  renave_entry: null,
  renave_exit: null,
  inspection: null,
  communication_of_sale: null,
}

export interface Papers {
  readonly documents: Documents
  readonly invoices: readonly Invoice[]
}

/** `warn`: the last day is near; `late`: it is over. */
export interface Task {
  readonly paper: `${InvoiceKind}_invoice` | keyof Documents | 'restrictions'
  readonly state: 'missing' | 'warn' | 'late'
  readonly due_on: string | null
}

/** CTB 134: 60 days from the sale, as the law is mostly read; a warning from the 30th, when the buyer's own 30 days are over. */
const WARN_AFTER_DAYS = 30
const DUE_AFTER_DAYS = 60
const DAY_MS = 86_400_000

const daysAfter = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)

const holding = ({ invoices }: Papers, kind: InvoiceKind): Invoice | undefined =>
  invoices.find((invoice) => invoice.kind === kind && invoice.status === 'authorised')

type Standing = Pick<Unidentified, 'status' | 'restrictions'>

/**
 * The papers that are still to be done. `sold_on`: the day of the sale, if it was sold. None for a vehicle that is back
 * with its owner.
 */
export function tasksOf(vehicle: Standing, papers: Papers, sold_on: string | null, today: string): Task[] {
  if (vehicle.status === 'returned_to_owner') return []
  const { documents } = papers
  const missing = (paper: Task['paper'], isThere: unknown): Task[] =>
    isThere ? [] : [{ paper, state: 'missing', due_on: null }]
  const ofEntry = [
    ...missing('restrictions', vehicle.restrictions !== null && blockedBy(vehicle.restrictions).length === 0),
    ...missing('entry_invoice', holding(papers, 'entry')),
    ...missing('atpv_e', documents.atpv_e?.signed_on ?? documents.crv),
    ...missing('renave_entry', documents.renave_entry),
  ]
  if (sold_on === null) return ofEntry
  return [
    ...ofEntry,
    ...missing('exit_invoice', holding(papers, 'exit')),
    ...missing('inspection', documents.inspection && documents.inspection.result !== 'rejected'),
    ...missing('renave_exit', documents.renave_exit),
    ...communication(documents, sold_on, today),
  ]
}

function communication({ communication_of_sale }: Documents, sold_on: string, today: string): Task[] {
  if (communication_of_sale) return []
  const due_on = daysAfter(sold_on, DUE_AFTER_DAYS)
  const task = { paper: 'communication_of_sale', due_on } as const
  if (today > due_on) return [{ ...task, state: 'late' }]
  return [{ ...task, state: today >= daysAfter(sold_on, WARN_AFTER_DAYS) ? 'warn' : 'missing' }]
}

/**
 * The reasons for which Renave would refuse an entry or an exit, as far as they are known here. An entry needs the note of
 * the purchase and the transfer signed by the seller, an exit needs the entry and the note of the sale, and a restricted
 * vehicle gets neither.
 */
export function lackingForRenave(papers: Papers, restrictions: Restrictions | null): string[] {
  const { documents } = papers
  const lacks = (what: string, isThere: unknown) => (isThere ? [] : [what])
  const free = restrictions === null || (restrictions.theft.status !== 'found' && restrictions.other.status !== 'found')
  const entry = documents.renave_entry
    ? [
        ...lacks('entry_invoice', holding(papers, 'entry')),
        ...lacks('atpv_e', documents.atpv_e?.signed_on ?? documents.crv),
        ...lacks('restrictions', free),
      ]
    : []
  const exit = documents.renave_exit
    ? [...lacks('renave_entry', documents.renave_entry), ...lacks('exit_invoice', holding(papers, 'exit'))]
    : []
  return [...new Set([...entry, ...exit])]
}
