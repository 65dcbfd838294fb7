/** `npm run -s access-log -- verify` checks that the log of readings of personal data is complete; `list` prints it. */
import { isServiceName, serviceNames } from '#contracts'
import { readConfig } from '#platform/config'
import { command, Misused } from '../command-line.ts'
import { chainNames, type Kept, list, verdicts, verify } from './access-log-chain.ts'
import { opsApi } from './api.ts'

const usage = `usage: npm run -s access-log -- verify [--service NAME] [--since DATE] [--expect NAME:ID:HASH]…
       npm run -s access-log -- list [--service NAME] [--limit N]

verify follows the chains of hashes of each service, of its access log and of its journal, and ends with 1 when one is broken. It compares by itself with the heads that
the service signs and keeps in DATA_DIR/anchors every hour, so that entries which were cut off and a chain that was made anew are seen, and hours without a head too, but for entries before --since.
It prints the last entry's hash: kept where nobody here can reach, it is given back by --expect. --token brings an admin's token, else the local issuer in DATA_DIR signs one.`

const options = {
  service: { type: 'string' },
  expect: { type: 'string', multiple: true },
  since: { type: 'string', default: '1970-01-01' },
  limit: { type: 'string', default: '50' },
  token: { type: 'string' },
} as const

await command({ usage, options, words: 1 }, async (values, [act]) => {
  const wanted = serviceNames.filter((name) => values.service === undefined || name === values.service)
  const kept = (values.expect ?? []).map(keptFrom)
  const limit = Number(values.limit)
  const since = new Date(values.since)
  if (Number.isNaN(since.getTime())) throw new Misused('--since is a date, as 2026-03-02')
  if (wanted.length === 0) throw new Misused(`--service is one of ${serviceNames.join(', ')}`)
  if (!(Number.isInteger(limit) && limit > 0 && limit <= 1_000)) throw new Misused('--limit is a number from 1 to 1000')
  if (act !== 'verify' && act !== 'list')
    throw new Misused(act === undefined ? 'what is to be done?' : `${act} is no command`)
  const api = await opsApi(readConfig(process.env), values.token)
  if (act === 'list') return console.log(await list(api, wanted, limit))
  const found = await Promise.all(
    wanted.flatMap((service) =>
      chainNames.map((chain) => verify(api, service, { kept, since, now: new Date() }, chain)),
    ),
  )
  console.log(verdicts(found))
  if (found.some(({ fault }) => fault !== undefined)) process.exitCode = 1
})

function keptFrom(text: string): Kept {
  const [, service = '', id, hash = ''] = /^([a-z-]+):([1-9]\d{0,14}):([0-9a-f]{64})$/.exec(text) ?? []
  if (!isServiceName(service)) throw new Misused(`--expect ${text} is not NAME:ID:HASH`)
  return { service, id: Number(id), hash }
}
