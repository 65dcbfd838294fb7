/** The words that services share: every message contract, the schemas they are made of, and the catalogue of problems. */
export * from './credit.ts'
export * from './message.ts'
export * from './payment.ts'
export * from './permissions.ts'
export * from './primitives.ts'
export * from './problems.ts'
export * from './purchase.ts'
export * from './vehicle.ts'
