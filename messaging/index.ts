/** The messaging floor's face. */

export type { Bus } from './bus.ts'
export { ForNewerProcess, handler, type MessageHandler, type MessageIntake } from './consume.ts'
export { embeddedBus } from './embedded.ts'
export { IdempotencyHeaders, type Keep, once } from './idempotency.ts'
export { type Outgoing, outgoing } from './outbox.ts'
export { openPubsub, type PubsubOptions } from './pubsub.ts'
export { UnfitTopology } from './pubsub-setup.ts'
export { type RunningService, runService } from './run-service.ts'
export { databaseUrlOf, type ServiceDefinition, type Stands, type Wiring } from './service.ts'
export { topology } from './topology.ts'
export type { Send, UnitOfWork } from './unit-of-work.ts'
