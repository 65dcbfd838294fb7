/** The kinds of thing that a typed text may be, by its form alone, so that no service is asked in vain. Pure. */

export type Kind = 'sale' | 'email' | 'document' | 'plate' | 'chassi' | 'renavam' | 'identifier' | 'words'

/** Without the marks that people write in numbers. */
export const typedPlain = (typed: string): string => typed.replace(/[.\-/\s]/g, '').toUpperCase()

export function kindsOf(typed: string): ReadonlySet<Kind> {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(typed)) return new Set(['sale'])
  if (/^[^@\s]+@[^@\s]+$/.test(typed)) return new Set(['email'])
  const plain = typedPlain(typed)
  const kinds = new Set<Kind>()
  if (/^(\d{11}|[0-9A-Z]{12}\d{2})$/.test(plain)) kinds.add('document')
  if (/^[A-Z]{3}\d[0-9A-Z]\d{2}$/.test(plain)) kinds.add('plate')
  if (/^[0-9A-HJ-NPR-Z]{17}$/.test(plain)) kinds.add('chassi')
  if (/^\d{9,11}$/.test(plain)) kinds.add('renavam')
  if (kinds.has('plate') || kinds.has('chassi') || kinds.has('renavam')) kinds.add('identifier')
  if (/\p{L}/u.test(typed)) kinds.add('words')
  return kinds
}
