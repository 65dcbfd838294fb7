/** Pages and actions that the search finds by their names. Pure. */
import type { Person } from '../session.server.ts'
import { places as texts } from '../texts/office-places.pt-br.ts'
import { isAdmin, isOperator } from './rights.ts'

export interface Place {
  readonly to: string
  readonly name: string
  readonly about: string
}

/** Letters that make a search of pages worth it: two would find nearly all. */
const LEAST = 3

const folded = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

/** Each word that was typed begins a word of the page's name or of what it is about; only pages that the person may open. */
export function pagesFor(person: Pick<Person, 'role' | 'scope'>, typed: string): readonly Place[] {
  const wanted = folded(typed).split(/\s+/).filter(Boolean)
  if (wanted.join('').length < LEAST) return []
  const isOpen = { all: true, operator: isOperator(person), admin: isAdmin(person) }
  return texts
    .filter(([, , , who]) => isOpen[who])
    .filter(([, name, about]) => {
      const words = folded(`${name} ${about}`).split(/[^\p{L}\p{N}]+/u)
      return wanted.every((one) => words.some((word) => word.startsWith(one)))
    })
    .map(([to, name, about]) => ({ to, name, about }))
}
