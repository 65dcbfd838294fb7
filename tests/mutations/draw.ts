/**
 * Mutations that nobody chose. Operators fit many places of the saga engine, the rules, the stores and the messaging, and a
 * seed draws a few of those places. Unlike the list, nobody can write tests for these mutations alone.
 */
import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { random } from '../simulation/random.ts'
import type { Mutation } from './mutation.ts'

interface Operator {
  readonly name: string
  /** Global; `put` replaces each match. */
  readonly find: RegExp
  readonly put: (found: string) => string
}

const swap = (pairs: Readonly<Record<string, string>>) => (found: string) => ` ${pairs[found.trim()]} `

const OPERATORS: readonly Operator[] = [
  { name: 'turn a comparison round', find: / (===|!==) /g, put: swap({ '===': '!==', '!==': '===' }) },
  { name: 'move a boundary', find: / (<=|>=|<|>) /g, put: swap({ '<': '<=', '<=': '<', '>': '>=', '>=': '>' }) },
  { name: 'ask for either in place of both', find: / (&&|\|\|) /g, put: swap({ '&&': '||', '||': '&&' }) },
  { name: 'miscount by one', find: / [+-] 1\b/g, put: (found) => (found.includes('+') ? ' + 0' : ' - 0') },
  { name: 'drop a condition of a statement', find: /\s+and [a-z_.]+ (?:=|<|>|<=|>=|is) [^\n`)]+/g, put: () => '' },
  { name: 'drop an order', find: / order by [\w., ]+?(?= limit| for |`|\n)/g, put: () => '' },
  { name: 'wait for what another has locked', find: / skip locked/g, put: () => '' },
  { name: 'lock nothing', find: / for update(?: of \w+)?/g, put: () => '' },
  { name: 'go on without waiting', find: /(?<=\n +)await (?=\w)/g, put: () => 'void ' },
  { name: 'drop a guard', find: /(?<=\n +)if \([^\n]+\) return[^\n]*/g, put: () => '' },
]

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const PLACES = ['saga/*.ts', 'services/*/domain/*.ts', 'services/**/*-store.ts', 'messaging/**/*.ts']

/** All that the operators find. */
export function everyMutation(): readonly Mutation[] {
  return globSync(PLACES, { cwd: ROOT })
    .filter((file) => !/\.(test|suite)\.ts$/.test(file))
    .sort()
    .flatMap((file) => {
      const source = readFileSync(`${ROOT}${file}`, 'utf8')
      return OPERATORS.flatMap((operator) => placesOf(source, operator).map((place) => ({ ...place, file })))
    })
}

export function drawMutations(count: number, seed: number): Mutation[] {
  const left = [...everyMutation()]
  const { int } = random(seed)
  return Array.from({ length: Math.min(count, left.length) }, () => left.splice(int(left.length), 1)).flat()
}

function placesOf(source: string, { name, find, put }: Operator) {
  return [...source.matchAll(find)].flatMap(({ index, 0: found }) => {
    const line = source.slice(0, index + 1).split('\n').length
    const from = source.lastIndexOf('\n', index) + 1
    if (/^\s*(\/?\*|\/\/|import |export \{)/.test(source.slice(from, index + found.length))) return []
    const around = unique(source, from, index + found.length)
    if (!around) return []
    const [start, end] = around
    const text = source.slice(start, end)
    const at = index - start
    return [
      {
        name: `${name} (line ${line})`,
        find: text,
        put: text.slice(0, at) + put(found) + text.slice(at + found.length),
      },
    ]
  })
}

/** As many lines around a place as it takes to make it unique. */
function unique(source: string, from: number, to: number): readonly [number, number] | undefined {
  let start = from
  let end = to
  while (source.split(source.slice(start, end)).length !== 2) {
    if (start === 0) return undefined
    start = source.lastIndexOf('\n', start - 2) + 1
    end = Math.max(end, source.indexOf('\n', end) + 1)
  }
  return [start, end]
}
