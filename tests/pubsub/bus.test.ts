/** The pubsub bus on Google's emulator: the promises of every transport, and its own. */
import { test } from 'node:test'
import { busSuite } from '../../messaging/bus.suite.ts'
import { openPubsub } from '../../messaging/pubsub/pubsub.ts'
import { freshProject, testEmulator, withoutEmulator } from './emulator.ts'

const emulatorHost = await testEmulator()

const open = (projectId = freshProject()) =>
  openPubsub({ projectId, emulatorHost, create: true, onFault: (error, what) => console.error(what, error) })

if (withoutEmulator) test('the pubsub bus', { skip: withoutEmulator })
else busSuite('pubsub', open)
