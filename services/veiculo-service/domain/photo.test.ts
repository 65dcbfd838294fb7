/** The type of a file follows from its bytes, not from its name. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isTaken, typeOf, whyNotTaken } from './photo.ts'

const bytes = (text: string) => Buffer.from(text, 'latin1')

test('a photo is known by its first bytes, and any other file is refused with a reason', () => {
  for (const [start, type] of [
    ['\xff\xd8\xff\xe0', 'image/jpeg'],
    ['\x89PNG\r\n\x1a\n', 'image/png'],
    ['RIFF\0\0\0\0WEBPVP8 ', 'image/webp'],
  ] as const) {
    assert.equal(typeOf(bytes(start)), type)
    assert.ok(isTaken(typeOf(bytes(start))))
  }
  for (const [start, said] of [
    ['\0\0\0\x18ftypheic', /HEIC/],
    ['\0\0\0\x18ftypmif1', /HEIC/],
    ['<svg xmlns="http://www.w3.org/2000/svg">', /scripts/],
    ['<?xml version="1.0"?>\n<!-- a --><svg>', /scripts/],
    ['GIF89a', /image\/gif/],
    ['%PDF-1.7', /application\/pdf/],
    ['MZ', /no picture/],
    ['', /no picture/],
  ] as const) {
    assert.ok(!isTaken(typeOf(bytes(start))), start)
    assert.match(whyNotTaken(typeOf(bytes(start))), said)
  }
})
