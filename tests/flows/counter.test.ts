/** Sales at the counter over HTTP, on the embedded bus. */
import { counterFlows } from './counter.suite.ts'

await counterFlows()
