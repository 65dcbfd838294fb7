/**
 * The shop in any order of requests: register, offer, edit, list, buy, pay, also in parts, cancel, return, erase, repeat a key. After
 * every request, the real system on a real PostgreSQL is compared with a small model. fast-check shortens a run that differs, and
 * prints its seed and path. STATEFUL_SEED and STATEFUL_RUNS say which runs and how many.
 */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { isLarge } from '../fixtures/size.ts'
import { startSystem } from '../fixtures/system.ts'
import { anyCommand, type Real, sameAsModel } from './commands.ts'
import type { Model } from './model.ts'

const RUNS = Number(process.env.STATEFUL_RUNS || (isLarge ? 300 : 24))
/** Its runs come to every request in ALWAYS. */
const USUAL_SEED = 2
const SEED = Number(process.env.STATEFUL_SEED || (isLarge ? Date.now() % 1_000_000 : USUAL_SEED))

const api = await startSystem()

test('balances, cars and purchases match a small model, whatever is asked in whatever order', async (context) => {
  const tally = new Map<string, number>()
  const requests = fc.commands([...anyCommand], { maxCommands: 40, size: 'max' })
  await fc.assert(
    fc.asyncProperty(requests, async (commands) => {
      const model: Model = { buyers: [], cars: [], deals: [] }
      const real: Real = { api, tally, brand: `Marca${randomBytes(5).toString('hex')}` }
      await fc.asyncModelRun(() => ({ model, real }), commands)
      await sameAsModel(api, model)
    }),
    { numRuns: RUNS, seed: SEED },
  )
  context.diagnostic(`${RUNS} runs, seed ${SEED}: ${[...tally].map(([name, count]) => `${name} ${count}`).join(', ')}`)
  const untried = NAMES.filter((name) => !tally.has(name))
  // the small run reaches most of them, the large one of each night all
  assert.ok(untried.length <= (isLarge ? 0 : 3), `not tried: ${untried}`)
  if (SEED === USUAL_SEED)
    assert.deepEqual(
      untried.filter((name) => ALWAYS.includes(name)),
      [],
    )
})

/** The small run comes to these too. */
const ALWAYS = ['buy by counter', 'pay a part', 'strike a part', 'a sale in parts, to its end', 'return', 'relist']

const NAMES = [
  'register',
  'offer',
  'edit',
  'list',
  'buy by cash',
  'buy by pix',
  'buy by counter',
  'pay a part',
  'strike a part',
  'repeat an order under its key',
  'pay',
].concat(['cancel', 'return', 'relist', 'erase', 'a sale in parts, to its end'])
