/** A short storm on each bus: a few kills, and trouble of every kind. `npm run chaos` is the long one (docs/chaos.md). */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findPubsubEmulator } from '../../app/cluster/pubsub-emulator.ts'
import { isLarge } from '../fixtures/size.ts'
import { withoutEmulator } from '../pubsub/emulator.ts'
import { campaign } from './campaign.ts'
import type { BusKind } from './ground.ts'
import { told, total } from './report.ts'

/** It restarts the emulator, so it needs one of its own. */
const skip =
  withoutEmulator || (!findPubsubEmulator() && 'the emulator that PUBSUB_EMULATOR_HOST names is not ours to stop')
const SEED = Number(process.env.CHAOS_SEED ?? Date.now() % 100_000)

async function shortStorm(bus: BusKind, kills: number) {
  const result = await campaign({
    bus,
    seed: SEED,
    kills,
    minutes: 5,
    shoppers: 6,
    times: { step: 5, code: 10 },
    killEvery: [200, 2_000],
    troubleEvery: [200, 1_500],
    report: () => {},
  })
  assert.deepEqual(result.reckoning.findings, [], told(result))
  assert.equal(total(result.faults.kills), kills, told(result))
  for (const [kind, count] of result.faults.counts) assert.ok(count > 0, `${kind}: not once`)
  assert.ok(result.promises.accepted.size > 0, told(result))
  assert.ok(result.client.history.length > 20, 'there is a history to be explained')
}

test('on the embedded bus every promise is kept', () => shortStorm('embedded', isLarge ? 8 : 2))

test('on Pub/Sub, with each service a process, every promise is kept', { skip }, () =>
  shortStorm('pubsub', isLarge ? 12 : 3),
)
