/** Letters about purchases say what, how much, by when and where the money is, in text and in HTML alike. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { written } from './letter.ts'
import { momentOf, type Purchase, purchaseLetter } from './purchase-letters.ts'

const purchase: Purchase = {
  transaction_id: '019b0000-0000-7000-8000-000000000000',
  amount: 85_000.5,
  payment_type: 'pix',
  status: 'IN_PROGRESS',
  vehicle: 'Fiat Strada 2023',
  pix_copy_paste: '00020126580014br.gov.bcb.pix',
  expires_at: '2026-11-30T01:30:00Z',
}
const told = (kind: Parameters<typeof purchaseLetter>[0], more: Partial<Purchase> = {}) => {
  const letter = purchaseLetter(kind, { ...purchase, ...more }, 'Ana Souza', 'https://loja.example')
  return letter && written(letter)
}

test('a Pix comes with its code, its price and its hour in Brazil, in both forms', () => {
  const mail = told('pix_waiting')
  for (const form of [mail?.text ?? '', mail?.html ?? '']) {
    assert.match(form, /Olá, Ana\./)
    assert.match(form, /R\$\s85\.000,50/)
    assert.match(form, /até 29\/11, às 22:30/)
    assert.match(form, /00020126580014br\.gov\.bcb\.pix/)
    assert.match(form, /https:\/\/loja\.example\/compra\/019b0000/)
  }
  assert.doesNotMatch(mail?.html ?? '', /<img/)
})

test('a Pix that is no longer waited for is not asked for', () => {
  assert.equal(told('pix_waiting', { status: 'CANCELLED' }), undefined)
  assert.equal(told('pickup_reminder', { status: 'COMPLETED' }), undefined, 'picked up: its code is gone')
})

test('a letter about a failed purchase says why, and where the money is', () => {
  assert.match(told('purchase_failed', { reason: 'payment_code_expired' })?.text ?? '', /prazo do Pix terminou/)
  assert.match(told('purchase_failed', { reason: 'something_new' })?.text ?? '', /do nosso lado/)
  assert.match(told('purchase_failed', { payment_type: 'cash' })?.text ?? '', /voltou inteiro para a sua conta/)
  assert.match(told('purchase_cancelled')?.text ?? '', /volta inteiro para a conta de onde saiu/)
})

test('the code for the pickup stands apart', () => {
  const mail = told('ready_for_pickup', { status: 'COMPLETED', pickup_code: '7K2M9P' })
  assert.match(mail?.text ?? '', /^ {4}7K2M9P$/m)
  assert.match(mail?.html ?? '', />7K2M9P</)
})

test('hours are those of Brazil on the last evening of a year', () => {
  assert.equal(momentOf('2027-01-01T02:59:00Z'), '31/12, às 23:59')
})
