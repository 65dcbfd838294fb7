/** The options of `npm run bench:listing`: how many vehicles there are, and how often each page is read. */
import { parseArgs } from 'node:util'

export const { values: options } = parseArgs({
  options: {
    vehicles: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '20' },
    json: { type: 'boolean', default: false },
  },
})
export const VEHICLES = Number(options.vehicles)
export const ROUNDS = Number(options.rounds)
