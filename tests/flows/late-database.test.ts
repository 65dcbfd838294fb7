/** The whole system starts before its PostgreSQL server: it says so, waits, and then takes traffic. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import pino from 'pino'
import { readConfig } from '#platform/config'
import { startEmbedded } from '../../app/embedded/embedded.ts'
import { startTcpProxy } from '../chaos/tcp-proxy.ts'
import { databasePrefix, testServer } from '../fixtures/database.ts'
import { ORQUESTRADOR, until } from '../fixtures/system.ts'

test('a database that comes later than the system is waited for', async () => {
  const url = new URL(testServer())
  const port = Number(url.port)
  let isThere = false
  const line = await startTcpProxy(() => (isThere ? port : undefined))
  url.port = String(line.port)
  after(() => line[Symbol.asyncDispose]())
  const folder = await mkdtemp(join(tmpdir(), 'mercado-veiculo-late-'))
  after(() => rm(folder, { recursive: true, force: true }))
  const ports = ['CLIENTE', 'VEICULO', 'PAGAMENTO', 'ORQUESTRADOR', 'GATEWAY'].map((name) => [`PORT_${name}`, '0'])
  const config = readConfig({
    ...Object.fromEntries(ports),
    DATABASE_URL: url.href,
    DATABASE_PREFIX: databasePrefix(),
    DATA_DIR: folder,
  })
  let said = ''
  const log = pino(
    { level: 'warn' },
    {
      write(words: string) {
        said += words
      },
    },
  )
  const starting = startEmbedded({ config, log })
  starting.catch(() => {}) // a rejection is reported where it is awaited
  await until('it says that it waits', async () => said.includes('the database cannot be reached yet'))
  isThere = true
  await using system = await starting
  assert.equal((await fetch(`${system.addressOf(ORQUESTRADOR)}/ready`)).status, 200)
})
