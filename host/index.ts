/** The host floor's face: what a service process is run by. */

export { accessesTo, readerOf, recordAccesses } from './access-log/access-log.ts'
export { type AccessEntry, follow, type Link, START } from './access-log/chain.ts'
export { fieldsIn, unmaskedQuery } from './access-log/unmasked.ts'
export { healthSchema } from './health.ts'
export { type Chore, type HousekeepingParts, tidyUp } from './housekeeping.ts'
export { forgetAnswers, IdempotencyHeaders, type Keep, once } from './idempotency.ts'
export { waitingMessages } from './operator-routes.ts'
export { recordsRoute } from './records-route.ts'
export { type RunningService, runService } from './run-service.ts'
export { databaseNameOf, databaseUrlOf, type ServiceContext, type ServiceDefinition, type Wiring } from './service.ts'
