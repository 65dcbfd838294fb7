/** A name is found by the beginnings of its words, without accents and in small letters. */

/** Letters of the shortest beginning that is looked for: fewer would find half of the customers. */
export const SHORTEST = 3
/** Longer ones tell no more. */
const LONGEST = 10
/** The most words that count, of a name and of a search. */
const MOST_WORDS = 8

/** Particles that many names have find nobody. */
const PARTICLES = new Set(['das', 'dos', 'del', 'von', 'van'])

const wordsOf = (name: string): string[] =>
  name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => [...word].length >= SHORTEST && !PARTICLES.has(word))
    .slice(0, MOST_WORDS)

/** All beginnings of all words, each once. */
export function beginningsOf(name: string): string[] {
  const beginnings = wordsOf(name).flatMap((word) => {
    const letters = [...word].slice(0, LONGEST)
    return letters.slice(SHORTEST - 1).map((_, index) => letters.slice(0, SHORTEST + index).join(''))
  })
  return [...new Set(beginnings)]
}

/** The beginnings that a typed text looks for, one a word. Empty: it can find nobody. */
export const soughtIn = (typed: string): string[] => [
  ...new Set(wordsOf(typed).map((word) => [...word].slice(0, LONGEST).join(''))),
]
