/** `npm run documents`: writes the generated files of the repository. A test in tests/documents/ says when it must run. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { readConfig } from '#platform/config'
import type { OpenApi } from '#platform/http/openapi-document'
import { ANY_PORT } from '../app/addresses.ts'
import { startEmbedded } from '../app/embedded/embedded.ts'
import { version } from '../app/version.ts'
import { drawn } from './drawn.ts'
import { type Generated, generated } from './generated.ts'

await write(await drawn())

const DATA_DIR = await mkdtemp(join(tmpdir(), 'mercado-veiculo-documents-'))
const config = readConfig({
  ...ANY_PORT,
  PORT_POSTGRES: '0',
  DATA_DIR,
  DATABASE_URL: process.env.DATABASE_URL,
  LOG_LEVEL: 'warn',
})
try {
  await using system = await startEmbedded({ config, log: pino({ level: config.LOG_LEVEL }) })
  const document = (await (await fetch(`${system.addressOf('gateway')}/openapi.json`)).json()) as OpenApi
  await write(generated(document, version))
} finally {
  await rm(DATA_DIR, { recursive: true, force: true })
}

async function write(files: readonly Generated[]) {
  for (const { path, text } of files) {
    await writeFile(new URL(`../${path}`, import.meta.url), text)
    console.log(path)
  }
}
