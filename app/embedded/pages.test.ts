/** The pages as `make dev` serves them: from their sources, which may change at any moment. `tests/browser` tests built pages. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { freePort } from './free-port.ts'
import { startPages } from './pages.ts'

const folder = await mkdtemp(join(tmpdir(), 'mercado-veiculo-pages-'))
after(() => rm(folder, { recursive: true }))

test('pages are served from their sources', async () => {
  const port = await freePort(0, '127.0.0.1')
  const { PATH } = process.env
  await using pages = startPages(port, { PATH, DATA_DIR: folder, HOST: '127.0.0.1', WEB_RELOAD: 'true' })
  await pages.listening
  const answer = await fetch(`http://127.0.0.1:${port}/entrar`)
  assert.equal(answer.status, 200)
  assert.match(await answer.text(), /<h1[^>]*>Entrar</)
})
