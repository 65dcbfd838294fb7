/**
 * Every version of the purchase under which one may still be running, oldest first; new purchases begin under the last. A
 * version stays here until no row of `sagas` that is under way names it any more (docs/upgrades.md).
 */
import type { SagaDefinition } from '#saga'
import { purchaseSaga } from '../purchase-saga.ts'

export const definitions: readonly SagaDefinition[] = [purchaseSaga]
