/** The language of problems: English, which is the wire contract, or Portuguese for clients that prefer it. */
import type { Language } from '../problem.ts'

/** By `Accept-Language` (RFC 9110, 12.5.4): Portuguese if it is named with at least the weight of English. */
export function languageOf(header: string | undefined): Language {
  if (!header) return 'en'
  const wishes = header.split(',').map((wish) => {
    const [tag = '', weight] = wish
      .trim()
      .toLowerCase()
      .split(/\s*;\s*q=/)
    return { tag, weight: weight === undefined ? 1 : Number(weight) || 0 }
  })
  const best = (language: string) =>
    Math.max(0, ...wishes.flatMap(({ tag, weight }) => (tag.split('-')[0] === language ? [weight] : [])))
  const portuguese = best('pt')
  const first = wishes.findIndex(({ tag }) => /^(en|pt)(-|$)/.test(tag))
  if (portuguese === 0 || portuguese < best('en')) return 'en'
  return portuguese > best('en') || wishes[first]?.tag.startsWith('pt') ? 'pt-BR' : 'en'
}

/** `Vary` with one more name; compression and CORS add theirs. */
export function varying(before: unknown, name: string): string {
  const names = typeof before === 'string' ? before.split(/\s*,\s*/) : []
  return names.some((one) => one === '*' || one.toLowerCase() === name) ? names.join(', ') : [...names, name].join(', ')
}
