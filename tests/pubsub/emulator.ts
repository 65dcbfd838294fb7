/**
 * Google's emulator for the tests: the one that PUBSUB_EMULATOR_HOST names, the one that `npm test` has started for all of its
 * files (TEST_EMULATOR_HOST, tests/global-setup.ts), or one of this machine, on a port of its own.
 */
import { randomBytes } from 'node:crypto'
import { after } from 'node:test'
import { findPubsubEmulator, startPubsubEmulator } from '../../app/cluster/pubsub-emulator.ts'

const named = process.env.PUBSUB_EMULATOR_HOST

/** Why the tests that need it are skipped, or false. In CI a missing emulator is a failure. */
export const withoutEmulator: string | false =
  !named &&
  !findPubsubEmulator() &&
  "Google's Pub/Sub emulator is neither installed here nor named by PUBSUB_EMULATOR_HOST"

if (withoutEmulator && process.env.CI === 'true') throw new Error(withoutEmulator)

/** `host:port`. */
export async function testEmulator(): Promise<string> {
  const running = named || process.env.TEST_EMULATOR_HOST
  if (running || withoutEmulator) return running ?? ''
  const emulator = await startPubsubEmulator()
  after(() => emulator[Symbol.asyncDispose]())
  return emulator.host
}

/** Projects do not see each other, so each test has its own. */
export const freshProject = () => `test-${randomBytes(6).toString('hex')}`
