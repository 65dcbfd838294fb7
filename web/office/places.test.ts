import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pagesFor } from './places.ts'

const named = (person: Parameters<typeof pagesFor>[0], typed: string) => pagesFor(person, typed).map(({ name }) => name)
const admin = { role: 'admin', scope: null } as const
const seller = { role: 'staff', scope: 'seller' } as const

test('a page is found by the beginnings of its words, with or without accents', () => {
  assert.deepEqual(named(admin, 'relatorios'), ['Relatórios'])
  assert.deepEqual(named(admin, 'cad veic'), ['Cadastrar veículo'])
  assert.deepEqual(named(admin, 'fechar dia'), ['Dinheiro'])
  assert.deepEqual(named(admin, 'convidar'), ['Equipe'])
})

test('a page that somebody may not open is not found, and two letters find none', () => {
  assert.deepEqual(named(seller, 'equipe'), [])
  assert.deepEqual(named(seller, 'dinheiro'), [])
  assert.deepEqual(named(seller, 'estoque'), ['Estoque', 'Cadastrar veículo'])
  assert.deepEqual(named(admin, 'es'), [])
})
