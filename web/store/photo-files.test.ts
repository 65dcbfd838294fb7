/** The files of a photo that a page offers, and the fields that it drops. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sourcesOf } from './photo-files.ts'

test('a wide photo is offered in each width, a narrow one once in its own', () => {
  assert.equal(
    sourcesOf({ hash: 'ab', width: 1_600 }, 'webp'),
    '/photos/ab-320.webp 320w, /photos/ab-800.webp 800w, /photos/ab-1600.webp 1600w',
  )
  assert.equal(sourcesOf({ hash: 'ab', width: 500 }, 'avif'), '/photos/ab-320.avif 320w, /photos/ab-800.avif 500w')
  assert.equal(sourcesOf({ hash: 'ab', width: 200 }, 'jpeg'), '/photos/ab-320.jpeg 200w')
})
