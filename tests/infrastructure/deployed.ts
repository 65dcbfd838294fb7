/**
 * A deployment in production without a cloud: the job of the grants, the migrations' jobs and every container's command line, each with the
 * very environment that Terraform gives it, beside stand-ins for what Google offers. Only where those stand is told otherwise.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { serviceNames } from '#contracts'
import { databaseNameOf } from '#host'
import { freePort } from '../../app/embedded/free-port.ts'
import { startFakeKms } from '../fixtures/fake-kms.ts'
import { authority } from '../psp/certificates.ts'
import { testEmulator } from '../pubsub/emulator.ts'
import { startFakeCloudSql } from './fake-cloud-sql.ts'
import { startFakeGoogle, startFront } from './fake-google.ts'
import { type Given, type GivenByTerraform, PROJECT } from './given-by-terraform.ts'

const run = promisify(execFile)
const ROOT = new URL('../../', import.meta.url).pathname
const INSTANCE = `${PROJECT}:southamerica-east1:mercado`
const PATIENCE_MS = 300_000

export interface Deployed extends AsyncDisposable {
  /** Runs a job to its end, as `gcloud run jobs execute` does; returns what it wrote. */
  execute(job: string, args?: readonly string[]): Promise<string>
  /** Starts a container and waits until its startup probe is content. */
  start(service: string): Promise<void>
  /** Its address for the others. */
  urlOf(service: string): string
  /** What it has written so far. */
  output(service: string): string
  /** Sends SIGTERM; resolves with the exit code. */
  stop(service: string): Promise<number | null>
}

export async function deploy(given: GivenByTerraform, folder: string): Promise<Deployed> {
  await using started = new AsyncDisposableStack()
  const google = started.use(await startFakeGoogle())
  const kms = started.use(await startFakeKms((token) => google.accountOf(token) !== undefined))
  const emulator = await testEmulator()
  const all = [...Object.values(given.services), ...Object.values(given.jobs)]
  const sql = started.use(
    await startFakeCloudSql({
      directory: join(folder, 'postgres'),
      instance: INSTANCE,
      address: '127.0.21.7',
      databases: serviceNames.map(databaseNameOf),
      accounts: [...new Set(all.map(({ account }) => account))],
      accountOf: google.accountOf,
    }),
  )
  await sql.asAdmin(given.grants)
  const secrets = await secretsIn(folder)
  const ports = new Map<string, number>()
  const urls = new Map<string, string>()
  for (const service of Object.keys(given.services)) {
    ports.set(service, await freePort(0, '127.0.0.1'))
    urls.set(service, await startFront(started, () => ports.get(service) ?? 0))
  }

  /** The environment that Terraform gives; only addresses and the values of secrets are changed. */
  async function environmentOf({ account, environment }: Given, port?: number) {
    const filled = Object.entries(environment).map(([name, text]) => {
      if (text.startsWith('secret ')) return [name, secrets.value(text.slice(7))]
      if (text.startsWith('/secrets/')) return [name, secrets.file(text)]
      return [name, hereInstead(text, urls)]
    })
    const here = {
      PATH: process.env.PATH ?? '',
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? '', // what a container has compiled need not be compiled again
      HOME: join(folder, 'home'),
      ...{ GCE_METADATA_HOST: await google.metadataOf(account), GOOGLE_KEYS_URL: google.keysUrl },
      ...{
        KMS_URL: kms.url,
        STORAGE_URL: google.storageUrl,
        SQL_ADMIN_URL: sql.adminUrl,
        PUBSUB_EMULATOR_HOST: emulator,
      },
    }
    const given: Record<string, string> = { ...Object.fromEntries(filled), ...here }
    const listens = Object.keys(given).find((name) => name.startsWith('PORT_'))
    if (port && listens) Object.assign(given, { [listens]: String(port), HOST: '127.0.0.1' })
    return given
  }

  const containers = new Map<string, ChildProcess>()
  const outputs = new Map<string, string>()
  started.defer(() => {
    for (const child of containers.values()) child.kill('SIGKILL')
  })
  const stays = started.move()
  return {
    async execute(job, args = given.jobs[job]?.args ?? []) {
      const one = given.jobs[job] ?? never(job)
      const { stdout } = await run(process.execPath, [...args], { cwd: ROOT, env: await environmentOf(one) })
      return stdout
    },
    async start(service) {
      const one = given.services[service] ?? never(service)
      const port = ports.get(service) ?? 0
      const child = spawn(process.execPath, [...one.args], { cwd: ROOT, env: await environmentOf(one, port) })
      containers.set(service, child)
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (text) => outputs.set(service, (outputs.get(service) ?? '') + text))
      await ready(`http://127.0.0.1:${port}/ready`, () => child.exitCode === null).catch((cause) =>
        Promise.reject(new Error(`${service}: ${outputs.get(service)}`, { cause })),
      )
    },
    urlOf: (service) => urls.get(service) ?? never(service),
    output: (service) => outputs.get(service) ?? '',
    stop: (service) =>
      new Promise((resolve) => {
        const child = containers.get(service) ?? never(service)
        child.once('exit', resolve)
        child.kill('SIGTERM')
      }),
    [Symbol.asyncDispose]: () => stays.disposeAsync(),
  }
}

const never = (name: string): never => {
  throw new Error(`Terraform makes no ${name}`)
}

/** `https://veiculo-service-123456789012.southamerica-east1.run.app` is the front of that service. */
const hereInstead = (text: string, urls: ReadonlyMap<string, string>) =>
  text.replace(/^https:\/\/([a-z-]+)-\d+\.[a-z0-9-]+\.run\.app$/, (whole, name) => urls.get(name) ?? whole)

async function ready(url: string, isAlive: () => boolean) {
  const until = Date.now() + PATIENCE_MS
  for (;;) {
    const status = await fetch(url).then(
      (answer) => answer.status,
      () => 0,
    )
    if (status === 200) return
    if (!isAlive()) throw new Error('it has ended')
    if (Date.now() > until) throw new Error(`/ready answers ${status}`)
    await pause(100)
  }
}

/** Values of the secrets, and files for those that lie in one: the mode is that of Cloud Run's volume. */
async function secretsIn(folder: string) {
  const values: Record<string, string> = {
    'mercado-payment-webhook': 'a1b2c3d4e5f6a7b8c9d0e1f2',
    'mercado-pix-client': 'a secret of the PSP',
    'mercado-mail-server': 'smtps://user:password@127.0.0.1:9465',
  }
  const psp = await (await authority()).issue('mercado')
  await mkdir(join(folder, 'secrets'), { recursive: true })
  const files = { 'mercado-pix-certificate': psp.certificate, 'mercado-pix-key': psp.key }
  for (const [name, text] of Object.entries(files))
    await writeFile(join(folder, 'secrets', name), text, { mode: 0o440 })
  return {
    value: (name: string) => values[name] ?? never(name),
    file: (path: string) => join(folder, 'secrets', path.split('/')[2] ?? never(path)),
  }
}
