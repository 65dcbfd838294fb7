/** The drawings, of the saga and from text, are complete, and those in the repository are current. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { blockNames } from '../../documents/blocks.ts'
import { blocks, drawn } from '../../documents/drawn.ts'
import { chart, edges, viewOf } from '../../documents/saga-chart.ts'
import { sequence, tales } from '../../documents/saga-sequences.ts'
import { tell } from '../../documents/saga-tale.ts'
import { purchaseSaga } from '../../services/orquestrador/purchase-saga.ts'

const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8')

test('the drawings in the repository are current', async () => {
  for (const { path, text } of await drawn()) {
    assert.ok(
      (await read(path)) === text,
      `${path} is not current: run \`npm run documents\` and commit what it writes`,
    )
  }
})

test('the report on the saga shows every chart and every way that a purchase can go', async () => {
  const shown = blockNames(await read('docs/relatorio-saga.md'))
  assert.deepEqual(
    [...blocks().keys()].filter((name) => name.startsWith('saga-') && !shown.includes(name)),
    [],
  )
})

test('the charts have every position of a purchase and every move between two of them, each once', () => {
  const positions = new Set(
    edges().flatMap(({ from, to }) => [from, to].map(({ status, step }) => `${status} ${step}`)),
  )
  assert.equal(positions.size, 22, 'as many as the simulation visits')
  for (const view of ['compensation', 'cancellation', 'intervention'] as const) {
    const arrows = chart(view)
      .split('\n')
      .filter((line) => / --> .* : /.test(line))
    const names = arrows.flatMap((line) => line.split(' : ')[1]?.split('<br/>') ?? [])
    assert.equal(names.length, edges().filter((edge) => viewOf(edge) === view).length)
  }
})

test('the sequences end in every way in which a purchase can end', () => {
  const ends = [...tales().values()].map((words) => tell(words).at(-1)?.decision.saga.status)
  assert.deepEqual([...new Set(ends)].sort(), ['CANCELLED', 'COMPLETED', 'FAILED', 'FAILED_COMPENSATED'])
  const stopped = [...tales().values()].filter((words) =>
    sequence(words).includes('FAILED_REQUIRES_MANUAL_INTERVENTION'),
  )
  assert.equal(stopped.length, 4)
})

test('a purchase that is completed shows each step once, in the order of the definition', () => {
  const shown = [...sequence([]).matchAll(/Note over orquestrador: (\w+)/g)].map(([, step]) => step)
  assert.deepEqual(shown, [...purchaseSaga.steps.map(({ name }) => name), 'SAGA_COMPLETE'])
})

test('a repeated request without an answer is drawn once, with the number of repetitions and their waits', () => {
  const { steps } = purchaseSaga
  const silent = sequence(['silence', 'silence', 'silence'])
  assert.match(silent, /loop 2 vezes, com esperas de 4,3 s e 8,6 s/)
  assert.equal(silent.match(/commands\.credit\.reserve/g)?.length, 2)
  assert.match(
    sequence([...steps.slice(1).map(() => 'done' as const), ...Array.from({ length: 6 }, () => 'silence' as const)]),
    /loop 5 vezes/,
  )
})
