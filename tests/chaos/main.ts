/**
 * `npm run chaos [-- --kills 200 --seed 1 --bus embedded|pubsub --minutes 30 --shoppers 12]`: real processes, a real PostgreSQL and
 * real clients, disturbed in every possible way; then every record is checked. It fails on any finding.
 */
import { parseArgs } from 'node:util'
import { campaign } from './campaign.ts'
import { told } from './report.ts'

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
    bus: { type: 'string', default: 'embedded' },
    minutes: { type: 'string', default: '30' },
    shoppers: { type: 'string', default: '12' },
  },
})
if (values.bus !== 'embedded' && values.bus !== 'pubsub') throw new Error('--bus is embedded or pubsub')

const begun = performance.now()
const result = await campaign({
  bus: values.bus,
  seed: Number(values.seed),
  kills: Number(values.kills),
  minutes: Number(values.minutes),
  shoppers: Number(values.shoppers),
  times: { step: 15, code: 45 },
  killEvery: [200, 4_000],
  troubleEvery: [1_000, 12_000],
  report: (what) => console.log(`${((performance.now() - begun) / 1_000).toFixed(1).padStart(7)} s  ${what}`),
})
console.log(`\n${told(result)}`)
process.exitCode = result.reckoning.findings.length === 0 ? 0 : 1
