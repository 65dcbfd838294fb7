/**
 * Stand-ins for gcloud, docker, terraform and git that write down how they were called and answer from a table, so that a
 * deployment command can be run from its first line to its last without a cloud.
 */
import { spawn } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const SCRIPTS = new URL('../../infrastructure/scripts/', import.meta.url).pathname

/** The answer to a call: the first rule whose pattern matches decides; without one it says nothing and succeeds. */
export interface Rule {
  readonly when: RegExp
  readonly says?: string
  readonly fails?: boolean
  /** Decides this many times, then no more. */
  readonly times?: number
}

export interface Outcome {
  readonly code: number | null
  readonly output: string
  /** `gcloud run services list --project=…`, in order, without what every call has. */
  readonly calls: readonly string[]
  /** The same, with everything. */
  readonly whole: readonly string[]
  /** The standard input of each call. */
  readonly given: Readonly<Record<string, string>>
}

export interface Situation {
  readonly rules?: readonly Rule[]
  /** Lines that the operator types. */
  readonly typed?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  /** As `make setup` left it; null: it never ran. */
  readonly settings?: string | null
  readonly without?: readonly string[]
}

const SETTINGS = 'PROJECT_ID=mercado-test\nREGION=southamerica-east1\nENVIRONMENT=dev\n'

/** Runs infrastructure/scripts/<name>.sh in a folder of its own. `settings` in the outcome is what the file says after it. */
export async function runScript(name: string, situation: Situation = {}): Promise<Outcome & { settings: string }> {
  const { rules = [], typed = [], environment = {}, settings = SETTINGS, without = [] } = situation
  const folder = await mkdtemp(join(tmpdir(), 'commands-'))
  try {
    const tools = join(folder, 'tools')
    await mkdir(tools)
    for (const tool of ['gcloud', 'docker', 'terraform', 'git'].filter((tool) => !without.includes(tool))) {
      const file = join(tools, tool)
      await writeFile(file, FAKE)
      await chmod(file, 0o755)
    }
    await writeFile(join(folder, 'rules'), rules.map(ruleLine).join(''))
    await writeFile(join(folder, 'calls'), '')
    const settingsFile = join(folder, 'settings')
    if (settings !== null) await writeFile(settingsFile, settings)
    const ended = await end(join(SCRIPTS, `${name}.sh`), typed, {
      PATH: `${tools}:${await systemTools(folder)}`,
      HOME: folder,
      FAKES: folder,
      SETTINGS_FILE: settingsFile,
      STAGE_SECONDS: '0',
      LOG_SECONDS: '0',
      IMAGE_TAG: 'abc123',
      AUTO_APPROVE: 'true',
      ...environment,
    })
    const log = (await readFile(join(folder, 'calls'), 'utf8')).split('\n').filter(Boolean)
    const given: Record<string, string> = {}
    for (const line of log.filter((line) => line.startsWith('< '))) {
      const [, call = '', text = ''] = /^< (.*?) <- (.*)$/.exec(line) ?? []
      given[plain(call)] = text
    }
    const whole = log.filter((line) => !line.startsWith('< '))
    return {
      ...ended,
      calls: whole.map(plain),
      whole,
      given,
      settings: await readFile(settingsFile, 'utf8').catch(() => ''),
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Every call has these; they would drown what differs. One test looks at whole calls for them. */
const plain = (call: string) =>
  call
    .replace(/ --(project=mercado-test|quiet|region=southamerica-east1)(?= |$)/g, '')
    .replace(/-chdir=\S+ /, '')
    .replaceAll('southamerica-east1-docker.pkg.dev/mercado-test/mercado-veiculo', 'REGISTRY')

const ruleLine = ({ when, says = '', fails = false, times = 1_000 }: Rule) =>
  `${[times, fails ? 1 : 0, says, when.source].join('\t')}\n`

/** Bash reads the rules itself: starting Node for each of a hundred calls would take longer than the rest of the test. */
const FAKE = `#!/bin/bash
call="\${0##*/} $*"
printf '%s\\n' "$call" >>"$FAKES/calls"
if [[ $* == *--data-file=-* ]]; then printf '< %s <- %s\\n' "$call" "$(cat)" >>"$FAKES/calls"; fi
number=0
while IFS= read -r line; do
  number=$((number + 1))
  times=\${line%%$'\\t'*}; line=\${line#*$'\\t'}
  fails=\${line%%$'\\t'*}; line=\${line#*$'\\t'}
  says=\${line%%$'\\t'*}; when=\${line#*$'\\t'}
  [[ $call =~ $when ]] || continue
  used=$(cat "$FAKES/used-$number" 2>/dev/null || echo 0)
  [[ $used -lt $times ]] || continue
  echo $((used + 1)) >"$FAKES/used-$number"
  [[ -z $says ]] || printf '%b\\n' "$says"
  exit "$fails"
done <"$FAKES/rules"
exit 0
`

/** A folder with links to the few system tools that the scripts use: no real gcloud or docker can be reached by PATH. */
async function systemTools(folder: string): Promise<string> {
  const bin = join(folder, 'system')
  await mkdir(bin)
  const script = `for tool in bash env dirname cat head base64 tr sleep date; do
    ln -s "$(command -v "$tool")" "${bin}/$tool"; done`
  const { code } = await end('/bin/bash', [], { PATH: process.env.PATH ?? '' }, ['-c', script])
  if (code !== 0) throw new Error('the system lacks a tool that the scripts use')
  return bin
}

function end(command: string, typed: readonly string[], env: Record<string, string>, args: readonly string[] = []) {
  return new Promise<{ code: number | null; output: string }>((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: 'pipe' })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, output }))
    child.stdin.on('error', () => {}) // it may end before it has read everything
    child.stdin.end(typed.map((line) => `${line}\n`).join(''))
  })
}
