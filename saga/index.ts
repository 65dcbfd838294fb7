/** The saga engine's face: declare with `definition`, run with `begin` and `decide`. */
export { type Again, begin, decide, type Moment } from './decide.ts'
export { announce, ask, call, type SagaDefinition, type StepDefinition, saga, undo, wait } from './definition.ts'
export {
  type Decision,
  type Effect,
  type GivenUp,
  givenUpOf,
  isFinal,
  type Refusal,
  type Saga,
  type SagaInput,
  type Transition,
} from './saga.ts'
