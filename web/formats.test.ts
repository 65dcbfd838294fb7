import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cnpj, day, dayAndHour, exactMoney, kilometres, lasting, money, phone, roundMoney, slug } from './formats.ts'

test('money is written as in Brazil, with cents where every cent counts', () => {
  assert.equal(money(84_900), 'R$\u00a084.900')
  assert.equal(money(84_900.5), 'R$\u00a084.900,50')
  assert.equal(exactMoney(84_900), 'R$\u00a084.900,00')
  assert.equal(exactMoney(-12.3), '−R$\u00a012,30')
  assert.equal(roundMoney(60_000), 'R$\u00a060\u00a0mil')
  assert.equal(roundMoney(60_500), 'R$\u00a060.500')
})

test('days are those of São Paulo: 2 o’clock in Greenwich is the evening before', () => {
  assert.equal(day('2026-02-01T02:00:00Z'), '31 jan 2026')
  assert.equal(dayAndHour('2026-02-01T02:05:00Z'), '31 jan 2026, 23h05')
})

test('distances, telephones, CNPJs and periods', () => {
  assert.equal(kilometres(31_200), '31.200\u00a0km')
  assert.equal(phone('+5519987654321'), '(19) 98765-4321')
  assert.equal(cnpj('12ABC34501DE35'), '12.ABC.345/01DE-35')
  assert.equal(lasting(1_827), '5 anos')
  assert.equal(lasting(4_018), '11 anos')
  assert.equal(lasting(90), '90 dias')
})

test('the readable end of an address has neither accents nor marks', () => {
  assert.equal(slug('Citroën C4 Cactus 1.6 Automático'), 'citroen-c4-cactus-1-6-automatico')
})
