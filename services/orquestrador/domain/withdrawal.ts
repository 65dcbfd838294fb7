/**
 * A buyer's right to return, without a reason, a vehicle that was bought outside the shop (CDC, art. 49). The buyer may ask until
 * the end of the seventh day after receiving the vehicle, and before receiving it.
 */
import type { Channel } from '#contracts'

const DAY_MS = 86_400_000
/** São Paulo has been three hours behind UTC all year since 2019. */
const BEHIND_UTC_MS = 3 * 3_600_000
const WITHDRAWAL_DAYS = 7

/** The last millisecond of the seventh day, as São Paulo counts days; the day of receipt is not one of them. */
export function lastMomentToReturn(received_at: Date): Date {
  const day = Math.floor((received_at.getTime() - BEHIND_UTC_MS) / DAY_MS)
  return new Date((day + WITHDRAWAL_DAYS + 1) * DAY_MS + BEHIND_UTC_MS - 1)
}

/** Undefined: the buyer may. A purchase without a recorded channel counts as one from a distance. */
export function refusesWithdrawal(
  { channel = 'online', received_at }: { readonly channel?: Channel | undefined; readonly received_at: Date | null },
  now: Date,
): 'return_right_absent' | 'return_right_over' | undefined {
  if (channel === 'counter') return 'return_right_absent'
  return received_at && now > lastMomentToReturn(received_at) ? 'return_right_over' : undefined
}
