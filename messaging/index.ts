/** The messaging floor's face: what services speak with, what composes a process, and what the host runs it by. */

// for the composition of a process
export type { Bus } from './bus.ts'
// for the host
export { BATCH_LIMIT, type BatchHandler } from './bus.ts'
// for services
export { consumer, ForNewerProcess, handler, type MessageHandler, type MessageIntake, misfitOf } from './consume.ts'
export {
  countDeadLetters,
  countWaiting,
  discard,
  findDeadLetter,
  type KeptDeadLetter,
  listDeadLetters,
  lockDeadLetter,
  markReplayed,
  noteFailure,
  type Operator,
  park,
  parkGivenUp,
} from './dead-letters.ts'
export { embeddedBus } from './embedded.ts'
export { measureOutbox, type Outgoing, outgoing } from './outbox/outbox.ts'
export { relay } from './outbox/relay.ts'
export type { Send, UnitOfWork } from './outbox/unit-of-work.ts'
export { unitOfWork } from './outbox/unit-of-work.ts'
export { openPubsub, type PubsubOptions } from './pubsub/pubsub.ts'
export { UnfitTopology } from './pubsub/setup.ts'
export { deadLetterSubscription, deadLetterTopic, topology } from './pubsub/topology.ts'
