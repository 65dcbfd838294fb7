import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises'
import { turns } from './turns.ts'

/** Begins a batch of a queue of this size, and notes when it may go. */
function queue(all: ReturnType<typeof turns>, name: string, sizeOf: () => number, gone: string[]) {
  const may = all.begin(sizeOf)
  if (may) void may.then(() => gone.push(name))
  else gone.push(name)
}

test('an idle process gives a turn at once, without even a promise', () => {
  assert.equal(
    turns().begin(() => 1),
    undefined,
  )
})

test('the fullest queue goes next, counted when the turn is free', async () => {
  const all = turns()
  const gone: string[] = []
  let late = 1
  queue(all, 'first', () => 1, gone)
  queue(all, 'small', () => 2, gone)
  queue(all, 'grows', () => late, gone)
  late = 5
  all.end()
  await turn()
  assert.deepEqual(gone, ['first', 'grows'])
  all.end()
  await turn()
  assert.deepEqual(gone, ['first', 'grows', 'small'])
})

test('beside one batch only large ones go, and that as soon as they have grown large', async () => {
  const all = turns()
  const gone: string[] = []
  let size = 1
  queue(all, 'first', () => 1, gone)
  queue(all, 'grows', () => size, gone)
  for (const name of ['second', 'third', 'fourth', 'fifth', 'sixth', 'seventh']) queue(all, name, () => 1_000, gone)
  await turn()
  assert.deepEqual(gone, ['first', 'second', 'third', 'fourth', 'fifth', 'sixth'], 'never more than six at once')
  all.end()
  await turn()
  assert.deepEqual(gone.slice(6), ['seventh'])
  all.end()
  await turn()
  assert.deepEqual(gone.slice(7), [], 'small, beside others')
  size = 1_000
  all.grown()
  await turn()
  assert.deepEqual(gone.slice(7), ['grows'])
})

test('a small queue is not passed over for ever', async () => {
  const all = turns()
  const gone: string[] = []
  queue(all, 'first', () => 1, gone)
  queue(all, 'small', () => 1, gone)
  const begun = performance.now()
  for (let others = 0; !gone.includes('small'); others += 1) {
    queue(all, `large ${others}`, () => 40, gone)
    await pause(5)
    all.end()
    await turn()
    assert.ok(performance.now() - begun < 5_000, 'the small queue starves')
  }
})

test('a batch that never ends does not hold up the others', async () => {
  const all = turns()
  const gone: string[] = []
  queue(all, 'stuck', () => 1, gone)
  queue(all, 'other', () => 1, gone)
  for (const begun = performance.now(); !gone.includes('other'); await pause(5)) {
    assert.ok(performance.now() - begun < 5_000, 'the other waits for ever')
  }
})
