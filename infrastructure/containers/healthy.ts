/**
 * The image's health check: its exit code is 0 when the container's service takes traffic; else it says why not, and the code is
 * 1. It uses only `node:http`, because a check runs every few seconds: it takes 40 ms, and reading the configuration would take 200.
 */
import { readFileSync } from 'node:fs'
import { get } from 'node:http'
import { pages, processes } from '../../contracts/services.ts'

/** Less than the image's own limit, so that the reason is seen. */
const PATIENCE_MS = 2_500

if (import.meta.main) check(process.argv[2] ?? serviceOf(readFileSync('/proc/1/cmdline', 'utf8')))

/** From a first process's command line, whose words end in NUL: `tini -- node app/service.ts gateway`. */
export function serviceOf(commandLine: string): string | undefined {
  const words = commandLine.split('\0')
  if (words.some((word) => word.endsWith('web/main.ts'))) return 'web'
  const program = words.findIndex((word) => word.endsWith('app/service.ts'))
  return program === -1 ? undefined : words[program + 1]
}

function check(service: string | undefined) {
  if (service === undefined) return // a migration or a token, which do not listen
  const known: Readonly<Record<string, { readonly port: readonly [variable: string, standard: number] }>> = {
    ...processes,
    web: pages,
  }
  const [variable, standard] = (known[service] ?? fail(`${service} is none of ${Object.keys(known).join(', ')}`)).port
  const request = get({
    host: '127.0.0.1',
    port: process.env[variable] || standard,
    path: '/ready',
    timeout: PATIENCE_MS,
  })
  request.on('timeout', () => fail('no answer'))
  request.on('error', ({ message }) => fail(message))
  request.on('response', (response) => {
    response.resume()
    if (response.statusCode !== 200) fail(`/ready answers ${response.statusCode}`)
  })
}

function fail(why: string): never {
  console.error(why)
  process.exit(1)
}
