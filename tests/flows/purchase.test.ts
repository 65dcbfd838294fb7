/** Purchases over HTTP, on the embedded bus. */
import { purchaseFlows } from './purchase.suite.ts'

await purchaseFlows()
