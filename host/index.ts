/** The host floor's face: what a service process is run by. */

export { accessesTo, readerOf, recordAccesses } from './access-log/access-log.ts'
export { type AccessEntry, accesses } from './access-log/chain.ts'
export { fieldsIn, unmaskedQuery } from './access-log/unmasked.ts'
export type { Approval } from './approvals/approval.ts'
export { type ApprovalKind, type Approvals, expectStill, openApprovals, type Wish } from './approvals/approvals.ts'
export { doOrAsk } from './approvals/do-or-ask.ts'
export { handOver } from './approvals/hand-over.ts'
export { ApprovalView, approvalRoutes, approvalView } from './approvals/routes.ts'
export { type Link, START } from './chain/chain.ts'
export { healthSchema } from './health.ts'
export { type Chore, type HousekeepingParts, tidyUp } from './housekeeping.ts'
export { forgetAnswers, IdempotencyHeaders, type Keep, once } from './idempotency.ts'
export { type About, type Act, type Author, authorName, differences, journal, type Values } from './journal/acts.ts'
export { historyRoute } from './journal/history-route.ts'
export { authorOf, forgetActsAbout, writeJournal } from './journal/journal.ts'
export { letWork, migrateAsOwner, openData } from './open-data.ts'
export { waitingMessages } from './operator-routes.ts'
export { recordsRoute } from './records-route.ts'
export { type RunningService, runService } from './run-service.ts'
export {
  databaseNameOf,
  databaseUrlOf,
  type ServiceContext,
  type ServiceDefinition,
  sealedTablesOf,
  type Wiring,
} from './service.ts'
export { type FindSuspicions, suspicionsOf } from './suspicions-route.ts'
