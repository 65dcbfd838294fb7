/**
 * Every version of the purchase and of its return under which one may still be running, oldest first; new ones begin under the
 * last of their kind. A version stays here until no row of `sagas` that is under way names it any more (docs/upgrades.md).
 */
import type { SagaDefinition } from '#saga'
import { purchaseSaga } from '../purchase-saga.ts'
import { returnSaga } from '../return-saga.ts'

export const definitions: readonly SagaDefinition[] = [purchaseSaga, returnSaga]
