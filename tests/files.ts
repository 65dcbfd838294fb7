/** The test files, which of them are unit tests that share a process, and which take so long that they begin first. */
import { globSync, readFileSync } from 'node:fs'

const ROOT = new URL('../', import.meta.url)
const EVERYWHERE = '{contracts,platform,saga,messaging,host,services,web,app,tests}/**/*.test.ts'

/** A file with one of these changes the process that it runs in, starts others, or listens. */
const NEEDS_A_PROCESS = /child_process|process\.(env|on|exit|chdir)|\.listen\(|setGlobal|startFake/

/** The longest, by what they were measured to take. One that is named too late costs the end of the run a wait, and nothing else. */
const LONG = [
  'tests/chaos/chaos.test.ts',
  'tests/infrastructure/production.test.ts',
  'tests/browser/buy.test.ts',
  'tests/browser/office.test.ts',
  'tests/backup/backup.test.ts',
  'tests/upgrades/versions.test.ts',
  'tests/flows/lost-database.test.ts',
  'tests/pubsub/outages.test.ts',
  'tests/infrastructure/terraform.test.ts',
  'tests/browser/browse.test.ts',
  'tests/infrastructure/migrate.test.ts',
  'app/command-line.test.ts',
  'tests/security/api08-misconfiguration.test.ts',
  'tests/flows/overload.test.ts',
  'tests/flows/operations.test.ts',
  'tests/upgrades/serving.test.ts',
  'tests/pubsub/replicas.test.ts',
  'tests/flows/gateway.test.ts',
]

export function testFiles(patterns: readonly string[] = [EVERYWHERE]): string[] {
  const found = globSync([...patterns], { cwd: ROOT }).sort()
  return [...LONG.filter((file) => found.includes(file)), ...found.filter((file) => !LONG.includes(file))]
}

export const isUnit = (file: string): boolean =>
  !/^(app|tests)\/|\.db\.test\.ts$/.test(file) && !NEEDS_A_PROCESS.test(readFileSync(new URL(file, ROOT), 'utf8'))
