/** `npm run -s access-log -- verify`: whether the log of who read personal data is whole; `list`: what it says. */
import { parseArgs } from 'node:util'
import { isServiceName, serviceNames } from '#contracts'
import { BadConfiguration, readConfig } from '#platform/config'
import { type Kept, list, verdicts, verify } from './access-log-chain.ts'
import { opsApi, Refused } from './api.ts'

const USAGE = `usage: npm run -s access-log -- verify [--service NAME] [--expect NAME:ID:HASH]…
       npm run -s access-log -- list [--service NAME] [--limit N]

verify follows the chain of hashes of each service and ends with 1 when one is broken. It prints the last entry's hash: kept
where the databases' owners cannot reach, and given back by --expect, it shows entries that were cut off, and a chain that
was made anew. --token brings an admin's token, else the local issuer in DATA_DIR signs one.`

const options = {
  service: { type: 'string' },
  expect: { type: 'string', multiple: true },
  limit: { type: 'string', default: '50' },
  token: { type: 'string' },
} as const

try {
  const { values, positionals } = parseArgs({ options, allowPositionals: true })
  const [command] = positionals
  const wanted = serviceNames.filter((name) => values.service === undefined || name === values.service)
  const kept = (values.expect ?? []).map(keptFrom)
  const limit = Number(values.limit)
  const isRight = wanted.length > 0 && Number.isInteger(limit) && limit > 0 && limit <= 1_000
  if (!isRight || (command !== 'verify' && command !== 'list')) throw new TypeError('that is no command')
  const api = await opsApi(readConfig(process.env), values.token)
  if (command === 'list') console.log(await list(api, wanted, limit))
  else {
    const found = await Promise.all(wanted.map((service) => verify(api, service, kept)))
    console.log(verdicts(found))
    if (found.some(({ fault }) => fault !== undefined)) process.exitCode = 1
  }
} catch (error) {
  const isMisuse = error instanceof TypeError
  if (!(isMisuse || error instanceof Refused || error instanceof BadConfiguration)) throw error
  console.error(isMisuse ? `${error.message}\n\n${USAGE}` : error.message)
  process.exitCode = isMisuse ? 2 : 1
}

function keptFrom(text: string): Kept {
  const [, service = '', id, hash = ''] = /^([a-z-]+):([1-9]\d{0,14}):([0-9a-f]{64})$/.exec(text) ?? []
  if (!isServiceName(service)) throw new TypeError(`--expect ${text} is not NAME:ID:HASH`)
  return { service, id: Number(id), hash }
}
