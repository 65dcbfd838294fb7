/** The purchase, its cancellation, its return and the sale at the counter on Pub/Sub: the same tests as on the embedded bus. */
import { test } from 'node:test'
import { cancellationFlows } from '../flows/cancellation.suite.ts'
import { counterFlows } from '../flows/counter.suite.ts'
import { purchaseFlows } from '../flows/purchase.suite.ts'
import { returnFlows } from '../flows/returns.suite.ts'
import { freshProject, testEmulator, withoutEmulator } from './emulator.ts'

const PUBSUB_EMULATOR_HOST = await testEmulator()

if (withoutEmulator) test('purchases on Pub/Sub', { skip: withoutEmulator })
else {
  await purchaseFlows({ BUS: 'pubsub', PUBSUB_EMULATOR_HOST, PROJECT_ID: freshProject() })
  await cancellationFlows({ BUS: 'pubsub', PUBSUB_EMULATOR_HOST, PROJECT_ID: freshProject() })
  await counterFlows({ BUS: 'pubsub', PUBSUB_EMULATOR_HOST, PROJECT_ID: freshProject() })
  await returnFlows({ BUS: 'pubsub', PUBSUB_EMULATOR_HOST, PROJECT_ID: freshProject() })
}
