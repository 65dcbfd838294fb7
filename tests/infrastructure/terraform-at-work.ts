/** Terraform itself, on the provider's schema: in a copy of the configuration, so that nobody's .terraform folder or state is touched. */
import { spawn } from 'node:child_process'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSchemaProvider } from './schema-provider.ts'

export const TERRAFORM = new URL('../../infrastructure/terraform/', import.meta.url).pathname

export interface Ended {
  readonly code: number | null
  readonly output: string
}
export type Run = (...args: string[]) => Promise<Ended>

export async function withTerraform<T>(use: (run: Run, folder: string) => Promise<T>): Promise<T> {
  await using provider = await startSchemaProvider()
  const folder = await mkdtemp(join(tmpdir(), 'terraform-'))
  try {
    await cp(TERRAFORM, folder, {
      recursive: true,
      filter: (file) => !/\.terraform(\/|$)|tfstate|local\.auto/.test(file),
    })
    const env = { ...process.env, ...provider.environment, TF_CLI_CONFIG_FILE: '/dev/null', CHECKPOINT_DISABLE: '1' }
    const run: Run = (...args) => end('terraform', args, { cwd: folder, env })
    const initialised = await run('init', '-backend=false', '-no-color')
    if (initialised.code !== 0) throw new Error(initialised.output)
    return await use(run, folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

export function found(tool: string, args: readonly string[]): Promise<boolean> {
  return end(tool, args).then(
    ({ code }) => code === 0,
    () => false,
  )
}

export function end(tool: string, args: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}) {
  return new Promise<Ended>((resolve, reject) => {
    const child = spawn(tool, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, output }))
  })
}
