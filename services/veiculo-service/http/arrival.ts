/** Makes an arrival from a body. */
import type { Static } from 'typebox'
import { dayOf } from '#platform/days'
import { Problem } from '#platform/problem'
import { blockedBy, stated } from '../domain/restrictions.ts'
import type { Arrival } from '../vehicles/take-in.ts'
import { acquisitionFrom } from './acquisition-body.ts'
import { restrictionsFrom } from './papers-body.ts'
import { detailsFrom, type NewVehicleBody } from './vehicle-body.ts'

/** Throws `validation_failed` for wrong fields, and `papers_keep_off_sale` when such a vehicle is to be published. */
export function arrivalFrom(body: Static<typeof NewVehicleBody>, now: Date): Arrival {
  const details = detailsFrom(body, now)
  const acquisition = acquisitionFrom(body, dayOf(now))
  const told = restrictionsFrom(body.restrictions, dayOf(now))
  const restrictions = body.restrictions === undefined ? null : stated(null, told)
  const status = body.publish === false ? 'preparation' : 'available'
  const blocked_by = blockedBy(restrictions)
  if (status === 'available' && blocked_by.length > 0) throw new Problem('papers_keep_off_sale', { blocked_by })
  return { details, beginning: { status, restrictions }, acquisition }
}
