/**
 * Whether a buyer may still return a finished purchase without a reason (CDC, art. 49), so that nobody sees a button that
 * the service would refuse. The service decides. Pure.
 */
import type { Return, Saga, Vehicle } from '../../clients/typescript/operations.ts'

export type Withdrawal =
  | { readonly state: 'open' /** The last day, once the vehicle was received. */; readonly until?: string }
  | { readonly state: 'returning' | 'returned'; readonly return_id: string }
  | { readonly state: 'none' }

const DAY_MS = 86_400_000
/** São Paulo has been three hours behind UTC all year since 2019. */
const BEHIND_UTC_MS = 3 * 3_600_000
const DAYS = 7

/** The last millisecond of the seventh day after the one of receipt, as São Paulo counts days. */
const lastMoment = (received_at: Date): Date =>
  new Date((Math.floor((received_at.getTime() - BEHIND_UTC_MS) / DAY_MS) + DAYS + 1) * DAY_MS + BEHIND_UTC_MS - 1)

export function withdrawalOf(
  { status, context }: Pick<Saga, 'status' | 'context'>,
  vehicle: Pick<Vehicle, 'picked_up_at'> | undefined,
  returns: readonly Pick<Return, 'return_id' | 'status'>[],
  now: Date,
): Withdrawal {
  const asked = returns.find((one) => one.status !== 'cancelled')
  if (asked) return { state: asked.status === 'completed' ? 'returned' : 'returning', return_id: asked.return_id }
  if (status !== 'COMPLETED' || context.channel === 'counter' || !vehicle) return { state: 'none' }
  if (!vehicle.picked_up_at) return { state: 'open' }
  const until = lastMoment(new Date(vehicle.picked_up_at))
  return now > until ? { state: 'none' } : { state: 'open', until: until.toISOString() }
}
