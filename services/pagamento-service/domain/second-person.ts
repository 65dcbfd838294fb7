/** When money that is moved by hand needs a second person. */
import type { Cents } from '#contracts'

/** What one person has moved alone for one customer within a day counts together: ten times 9,999 is 99,990. */
export const isBeyond = (limit_cents: Cents, alone_cents: Cents, amount_cents: Cents): boolean =>
  alone_cents + amount_cents > limit_cents

const DAY_MS = 86_400_000

export const dayBefore = (now: Date): Date => new Date(now.getTime() - DAY_MS)
