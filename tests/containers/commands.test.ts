/** `make build`, `up`, `stop`, `logs` and `clean`: their calls of Docker, and their words to people who have none. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'

const execute = promisify(execFile)
const COMMAND = new URL('../../infrastructure/containers/compose.sh', import.meta.url).pathname
const SCRIPTS = ['infrastructure/containers', 'tests/containers'].map(
  (folder) => new URL(`../../${folder}`, import.meta.url),
)

test('without Docker it says so, and what to use instead', async () => {
  for (const command of ['build', 'up', 'stop', 'logs']) {
    const { code, output } = await says(command, {})
    assert.equal(code, 1)
    assert.match(output, /Docker is not installed here.*'make dev'/)
  }
})

test('without Docker Compose it says where to get it', async () => {
  const { code, output } = await says('up', { docker: '[[ $1 != compose ]]' })
  assert.equal(code, 1)
  assert.match(output, /Docker Compose is not installed here/)
})

test('with an engine that does not answer it says that, and starts nothing', async () => {
  const { code, output, calls } = await says('up', { docker: '[[ $1 != info ]]' })
  assert.equal(code, 1)
  assert.match(output, /its engine does not answer/)
  assert.deepEqual(calls, ['docker compose version', 'docker info'])
})

test('up waits until everything is healthy and says where the door is', async () => {
  const { code, output, calls } = await says('up', { docker: 'true' }, { PORT_GATEWAY: '9000' })
  assert.equal(code, 0)
  assert.equal(calls.at(-1), 'docker compose up --detach --wait --wait-timeout 300')
  assert.match(output, /http:\/\/127\.0\.0\.1:9000\/docs/)
})

test('up that fails says where to look', async () => {
  const { code, output } = await says('up', { docker: '[[ $2 != up ]]' })
  assert.equal(code, 1)
  assert.match(output, /'make logs'.*PORT_POSTGRES=5433/)
})

test('the older program works in place of the plugin', async () => {
  const { code, calls } = await says('up', { docker: '[[ $1 != compose ]]', 'docker-compose': 'true' })
  assert.equal(code, 0)
  assert.equal(calls.at(-1), 'docker-compose up --detach')
})

test('stop keeps the data; clean takes containers, volumes and image away', async () => {
  const stopped = await says('stop', { docker: 'true' })
  assert.equal(stopped.calls.at(-1), 'docker compose --profile test stop')
  const { code, calls } = await says('clean', { docker: 'true' }, { TAG: 'mine' })
  assert.equal(code, 0)
  assert.deepEqual(calls.slice(-2), [
    'docker compose --profile test down --volumes --remove-orphans',
    'docker image rm --force mercado-veiculo:mine',
  ])
})

test('clean is silent where there is no Docker, or none that answers', async () => {
  for (const tools of [{}, { docker: '[[ $1 != info ]]' }])
    assert.deepEqual((({ code, output }) => ({ code, output }))(await says('clean', tools)), { code: 0, output: '' })
})

const shellcheck = await execute('shellcheck', ['--version']).then(
  () => true,
  () => false,
)
test('shellcheck has nothing to say', { skip: shellcheck ? false : 'shellcheck is not on this machine' }, async () => {
  for (const { pathname } of SCRIPTS) await execute('bash', ['-c', `shellcheck ${pathname}/*.sh`])
})

/** `tools` are lines of bash that stand for programs; each call of them is kept. */
async function says(command: string, tools: Readonly<Record<string, string>>, environment: NodeJS.ProcessEnv = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'compose-'))
  try {
    for (const tool of ['bash', 'dirname'])
      await symlink((await execute('which', [tool])).stdout.trim(), join(folder, tool))
    for (const [name, line] of Object.entries(tools)) {
      const file = join(folder, name)
      await writeFile(file, `#!${join(folder, 'bash')}\necho "${name} $*" >>"${folder}/calls"\n${line}\n`)
      await chmod(file, 0o755)
    }
    const ended = await execute(join(folder, 'bash'), [COMMAND, command], {
      env: { PATH: folder, ...environment },
    }).then(
      ({ stdout, stderr }) => ({ code: 0, output: stdout + stderr }),
      (error: { code: number; stdout: string; stderr: string }) => ({
        code: error.code,
        output: error.stdout + error.stderr,
      }),
    )
    const calls = (await readFile(join(folder, 'calls'), 'utf8').catch(() => '')).split('\n').filter(Boolean)
    return { ...ended, calls }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
