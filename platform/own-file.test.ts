import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, test } from 'node:test'
import { CannotStart } from './cannot-start.ts'
import { type OwnFile, readOrMakeOwn, readOwn } from './own-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'own-file-'))
after(() => rmSync(folder, { recursive: true }))

const number = (name: string): OwnFile<number> => ({
  path: join(folder, name),
  what: 'the number',
  advice: 'Write another',
  parse: (text) => (/^\d+$/.test(text) ? Number(text) : undefined),
})

test('the first to ask makes the file, and everybody reads what the first wrote', () => {
  const file = number('made')
  assert.equal(readOwn(file), undefined)
  assert.equal(
    readOrMakeOwn(file, () => '17'),
    17,
  )
  assert.equal(
    readOrMakeOwn(file, () => '18'),
    17,
  )
  assert.equal(readFileSync(file.path, 'utf8'), '17')
  assert.deepEqual(readdirSync(folder), ['made'], 'no draft is left')
})

test('a file that another process made in the same moment is kept', () => {
  const file = number('raced')
  const made = readOrMakeOwn(file, () => {
    writeFileSync(file.path, '3')
    return '4'
  })
  assert.equal(made, 3)
})

test('a damaged one is named, with what is wrong and what to do', () => {
  for (const [content, why] of [
    ['', 'it is empty'],
    [' \n', 'it is empty'],
    ['x', 'something else stands in it'],
  ] as const) {
    const file = number('damaged')
    writeFileSync(file.path, content)
    const told = new CannotStart(`the number, ${file.path}, is damaged: ${why}. Write another.`)
    assert.throws(() => readOwn(file), told)
    assert.throws(() => readOrMakeOwn(file, () => '1'), told, 'and never made anew by itself')
    assert.equal(readFileSync(file.path, 'utf8'), content)
  }
})

test('another user’s file or folder is named, with what to do', {
  skip: process.getuid?.() !== 0 && 'needs root',
}, async () => {
  await chmod(folder, 0o755)
  const file = number('of-root')
  writeFileSync(file.path, '1', { mode: 0o600 })
  const code = `import { readOwn, readOrMakeOwn } from '${import.meta.resolve('./own-file.ts')}'
    const file = (path) => ({ path, what: 'the number', advice: '', parse: Number })
    for (const act of [() => readOwn(file('${file.path}')), () => readOrMakeOwn(file('${folder}/new'), () => '1')])
      try { act(); console.log('no fault') } catch ({ message }) { console.log(message) }`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], { uid: 65_534, gid: 65_534 })
  const [said, complaints] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  assert.equal(complaints.replace(/^.*Warning.*\n?/gm, ''), '')
  const [read, made] = said.split('\n')
  assert.match(read ?? '', /of-root, cannot be read: it is another user’s\. Run as that user, or set DATA_DIR/)
  assert.match(made ?? '', /cannot be kept in .*new: it is another user’s/)
})
