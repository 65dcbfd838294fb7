/** Returns over HTTP, on the embedded bus. */
import { returnFlows } from './returns.suite.ts'

await returnFlows()
