/**
 * All versions of the purchase and of its return that running sagas may have, oldest first. New sagas begin under the last of
 * their kind. A version stays here until no running row of `sagas` names it any more (docs/upgrades.md).
 */
import type { SagaDefinition } from '#saga'
import { purchaseSaga } from '../purchase-saga.ts'
import { returnSaga } from '../return-saga.ts'

export const definitions: readonly SagaDefinition[] = [purchaseSaga, returnSaga]
