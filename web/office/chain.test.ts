/** A chain of entries: whole, or broken at the entry that was taken out, changed or put in. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Entry, follow, hashOf, START } from './chain.ts'

const chain = (...acts: string[]): Entry[] => {
  const entries: Entry[] = []
  for (const [index, act] of acts.entries()) {
    const previous_hash = entries.at(-1)?.hash ?? START.hash
    const said = { id: index + 1, act, previous_hash, hash: '' }
    entries.push({ ...said, hash: hashOf(said) })
  }
  return entries
}

test('a whole chain ends in its last entry', () => {
  const entries = chain('a', 'b', 'c')
  assert.deepEqual(follow(START, entries), { id: 3, hash: entries[2]?.hash })
})

test('an entry that was taken out, changed, or changed with its own hash is found', () => {
  const [a, b, c] = chain('a', 'b', 'c') as [Entry, Entry, Entry]
  assert.deepEqual(follow(START, [a, c]), { at: 2, reason: 'missing' })
  const changed = { ...b, act: 'x' }
  assert.deepEqual(follow(START, [a, changed, c]), { at: 2, reason: 'altered' })
  assert.deepEqual(follow(START, [a, { ...changed, hash: hashOf(changed) }, c]), { at: 3, reason: 'not_linked' })
})
