/** A seeded source of choices: the same seed makes the same run, on every machine. */
export interface Random {
  /** From 0 to `below` - 1. */
  int(below: number): number
  /** True so many times in a hundred. */
  chance(percent: number): boolean
  pick<T>(from: readonly T[]): T
}

/** mulberry32, a public-domain generator by Tommy Ettinger: good enough to shuffle with, and nine lines long. */
export function random(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const int = (below: number) => Math.floor(next() * below)
  return { int, chance: (percent) => int(100) < percent, pick: (from) => from[int(from.length)] as never }
}
