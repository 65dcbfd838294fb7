import { busSuite } from './bus.suite.ts'
import { embeddedBus } from './embedded.ts'

busSuite('embedded', async () => embeddedBus())
