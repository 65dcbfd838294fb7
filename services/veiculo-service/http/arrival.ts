/** Makes an arrival from a body. */
import type { Static } from 'typebox'
import { dayOf } from '#platform/days'
import type { Caller } from '#platform/http/auth'
import { Problem } from '#platform/problem'
import { costOfSale } from '../domain/acquisition.ts'
import { blockedBy, stated } from '../domain/restrictions.ts'
import type { Arrival } from '../vehicles/take-in.ts'
import { acquisitionFrom } from './acquisition-body.ts'
import { restrictionsFrom } from './papers-body.ts'
import { detailsFrom, type NewVehicleBody } from './vehicle-body.ts'

/** Throws `validation_failed` for wrong fields, and `papers_keep_off_sale` if its papers forbid the sale. Only an admin may offer it below its cost. */
export function arrivalFrom(body: Static<typeof NewVehicleBody>, caller: Caller, now: Date): Arrival {
  const details = detailsFrom(body, now)
  const acquisition = acquisitionFrom(body, dayOf(now))
  const owner = acquisition?.owner_customer_id
  if (owner && owner === caller.customer_id) throw new Problem('own_record')
  const cost_cents = costOfSale(details.price_cents, { acquisition: acquisition ?? null, expenses_cents: 0 })
  if (caller.role !== 'admin' && cost_cents !== undefined && details.price_cents < cost_cents)
    throw new Problem('validation_failed', { errors: [{ path: '/price', message: BELOW_COST }] })
  const told = restrictionsFrom(body.restrictions, dayOf(now))
  const restrictions = body.restrictions === undefined ? null : stated(null, told)
  const status = body.publish === false ? 'preparation' : 'available'
  const blocked_by = blockedBy(restrictions)
  if (status === 'available' && blocked_by.length > 0) throw new Problem('papers_keep_off_sale', { blocked_by })
  return { details, beginning: { status, restrictions }, acquisition }
}

const BELOW_COST = 'is below what was paid: take it in at that or more, and ask for the lower price'
