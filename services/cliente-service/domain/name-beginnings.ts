/** By what a name is found: the beginnings of its words, without accents and in small letters. */

/** Letters of the shortest beginning that is looked for: fewer would find half of the customers. */
export const SHORTEST = 3
/** Longer ones tell no more. */
const LONGEST = 10
/** Of a name, and of what is typed. */
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

/** What is looked for when this is typed: one beginning a word. Empty: nothing that could be found. */
export const soughtIn = (typed: string): string[] => [
  ...new Set(wordsOf(typed).map((word) => [...word].slice(0, LONGEST).join(''))),
]
