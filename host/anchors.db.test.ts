/** Anchors against an owner of the database who cuts a chain off and resets its head, or makes up anchors. */
import assert from 'node:assert/strict'
import { appendFile, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { systemClock } from '#platform/clock'
import { readConfig } from '#platform/config'
import { testDatabase } from '../tests/fixtures/database.ts'
import { recordAccesses } from './access-log/access-log.ts'
import { anchorHeads, anchorsOf } from './anchors.ts'

const { database, vault } = await testDatabase()
const folder = await mkdtemp(join(tmpdir(), 'anchors-'))
after(() => rm(folder, { recursive: true }))
const config = readConfig({ DATA_DIR: folder })
const anchors = anchorsOf(config, 'cliente-service', vault)
const anchor = () => anchorHeads(anchors, database, systemClock)

const read = (subject: string) =>
  database.transaction((tx) =>
    recordAccesses(tx, [
      {
        ...{ at: new Date('2026-03-02T12:00:00Z'), subject, role: 'staff', about: 'customer', about_id: 7 },
        ...{ fields: ['document'], reason: 'Dispute over a payment' },
      } as const,
    ]),
  )

test('a head is anchored when it has moved, and only then; an empty chain is not', async () => {
  assert.equal(await anchor(), 0)
  await read('maria')
  assert.deepEqual([await anchor(), await anchor()], [1, 0])
  await read('maria')
  await read('rui')
  assert.equal(await anchor(), 1)
  const { lines, forged } = await anchors.read()
  assert.deepEqual(
    [lines.map(({ chain, id }) => [chain, id]), forged],
    [
      [
        ['access_log', 1],
        ['access_log', 3],
      ],
      0,
    ],
  )
  assert.equal((await stat(anchors.place)).mode & 0o077, 0)
})

test('a changed or made-up line is reported as forged, and anchoring goes on after a restart', async () => {
  const text = await readFile(anchors.place, 'utf8')
  await appendFile(anchors.place, text.split('\n')[0]?.replace('"id":1', '"id":2').concat('\n') ?? '')
  await appendFile(anchors.place, 'half a li')
  const again = anchorsOf(config, 'cliente-service', vault)
  const { lines, forged } = await again.read()
  assert.deepEqual([lines.length, forged], [2, 2])
  // another service's lines are not this one's
  const other = anchorsOf(config, 'veiculo-service', vault)
  await appendFile(other.place, text)
  assert.deepEqual(await other.read(), { lines: [], forged: 2 })
})
