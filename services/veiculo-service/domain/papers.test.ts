/** A vehicle's papers: which are missing, due or late by a day, and which Renave needs. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Documents, type Invoice, lackingForRenave, NO_DOCUMENTS, type Papers, tasksOf } from './papers.ts'
import { type Finding, stated } from './restrictions.ts'

const CLEAR: Finding = { status: 'clear', source: 'Senatran', checked_on: '2026-11-20', note: null }
const known = stated(null, { theft: CLEAR, fines: CLEAR, taxes: CLEAR, lien: CLEAR, other: CLEAR })
const note = (kind: Invoice['kind'], status: Invoice['status'] = 'authorised'): Invoice => ({
  ...{ key: kind, kind, status, value_cents: 4_000_000, issued_on: '2026-03-02' },
})
const done = { done_on: '2026-03-03', protocol: null }
const ofEntry: Partial<Documents> = { atpv_e: { number: '1', signed_on: '2026-03-01' }, renave_entry: done }
const papers = (documents: Partial<Documents> = {}, ...invoices: Invoice[]): Papers => ({
  documents: { ...NO_DOCUMENTS, ...documents },
  invoices,
})
const names = (tasks: readonly { paper: string; state: string }[]) =>
  tasks.map(({ paper, state }) => (state === 'missing' ? paper : `${paper} ${state}`))

test('a vehicle in the house lacks its incoming papers until they are entered', () => {
  const vehicle = { status: 'available', restrictions: null } as const
  assert.deepEqual(names(tasksOf(vehicle, papers(), null, '2026-11-29')), [
    ...['restrictions', 'entry_invoice', 'atpv_e', 'renave_entry'],
  ])
  const whole = papers(ofEntry, note('entry'))
  assert.deepEqual(tasksOf({ ...vehicle, restrictions: known }, whole, null, '2026-11-29'), [])
  const cancelled = papers(ofEntry, note('entry', 'cancelled'))
  assert.deepEqual(names(tasksOf({ ...vehicle, restrictions: known }, cancelled, null, '2026-11-29')), [
    'entry_invoice',
  ])
  const older = papers({ ...ofEntry, atpv_e: null, crv: { number: '123' } }, note('entry'))
  assert.deepEqual(tasksOf({ ...vehicle, restrictions: known }, older, null, '2026-11-29'), [])
  assert.deepEqual(tasksOf({ ...vehicle, status: 'returned_to_owner' }, papers(), null, '2026-11-29'), [])
})

test('the sale is told within 60 days: a warning from the 30th, late after the 60th', () => {
  const sold = { status: 'sold', restrictions: known } as const
  const inspection = { report: 'L1', done_on: '2026-03-03', result: 'approved' } as const
  const rest = papers({ ...ofEntry, inspection, renave_exit: done }, note('entry'), note('exit'))
  const on = (today: string) => tasksOf(sold, rest, '2026-09-01', today)
  assert.deepEqual(on('2026-09-30'), [{ paper: 'communication_of_sale', state: 'missing', due_on: '2026-10-31' }])
  assert.deepEqual(names(on('2026-10-01')), ['communication_of_sale warn'])
  assert.deepEqual(names(on('2026-10-31')), ['communication_of_sale warn'])
  assert.deepEqual(names(on('2026-11-01')), ['communication_of_sale late'])
  const told = papers({ ...rest.documents, communication_of_sale: done }, ...rest.invoices)
  assert.deepEqual(tasksOf(sold, told, '2026-09-01', '2026-11-01'), [])
  const rejected = papers({ ...told.documents, inspection: { ...inspection, result: 'rejected' } }, ...rest.invoices)
  assert.deepEqual(names(tasksOf(sold, rejected, '2026-09-01', '2026-11-01')), ['inspection'])
})

test('Renave takes no entry without note and transfer, no exit without entry and note, and no restricted vehicle', () => {
  assert.deepEqual(lackingForRenave(papers(), null), [])
  assert.deepEqual(lackingForRenave(papers({ renave_entry: done }), null), ['entry_invoice', 'atpv_e'])
  assert.deepEqual(lackingForRenave(papers(ofEntry, note('entry')), known), [])
  for (const what of ['theft', 'other'] as const) {
    const found = stated(known, { [what]: { ...CLEAR, status: 'found' } })
    assert.deepEqual(lackingForRenave(papers(ofEntry, note('entry')), found), ['restrictions'])
  }
  assert.deepEqual(lackingForRenave(papers({ renave_exit: done }), known), ['renave_entry', 'exit_invoice'])
  assert.deepEqual(lackingForRenave(papers({ ...ofEntry, renave_exit: done }, note('entry'), note('exit')), known), [])
})
