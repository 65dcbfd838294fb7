/** The buyer gives up, at every step, on the embedded bus. */
import { cancellationFlows } from './cancellation.suite.ts'

await cancellationFlows()
