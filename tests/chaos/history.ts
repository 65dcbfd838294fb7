/**
 * Checks whether one system could have shown clients what they saw during the storm. All answers about one thing must have
 * an order in which each took effect at one moment between its question and its answer (linearizability, as Porcupine and
 * Elle check it). Vehicles and purchases are registers that change by themselves along known ways; money is a bank.
 */
import type { Promises } from './promises.ts'

export interface Seen {
  /** `vehicle 7`, `purchase 0192…`, `customer 3`. */
  readonly what: string
  /** Its status, or its balance in cents. */
  readonly as: string
  /** By the client's steady clock: the question was sent, the answer was there. */
  readonly from: number
  readonly to: number
}

/** The state that an answer shows; undefined for answers that the history does not use. */
export function seenIn(path: string, body: unknown, from: number, to: number): Seen | undefined {
  const [, room = '', id = ''] = /^\/(vehicles|saga-states|customers)\/([\w-]+)(?:\/pickup)?$/.exec(path) ?? []
  const { status, account_balance } = (body ?? {}) as { status?: string; account_balance?: number }
  const what = `${{ vehicles: 'vehicle', 'saga-states': 'purchase', customers: 'customer' }[room]} ${id}`
  if (room === 'customers' && account_balance !== undefined)
    return { what, as: String(Math.round(account_balance * 100)), from, to }
  return room && room !== 'customers' && status ? { what, as: status, from, to } : undefined
}

/** The statuses that may follow each status; a status that is not named is final. */
const VEHICLE: Ways = { available: ['reserved'], reserved: ['available', 'sold'], sold: ['picked_up'] }
const STUCK = 'FAILED_REQUIRES_MANUAL_INTERVENTION'
const PURCHASE: Ways = {
  STARTED: ['IN_PROGRESS', 'FAILED', 'COMPENSATING', 'CANCELLING', STUCK],
  IN_PROGRESS: ['COMPLETED', 'FAILED', 'COMPENSATING', 'CANCELLING', STUCK],
  COMPENSATING: ['FAILED_COMPENSATED', 'FAILED', STUCK],
  CANCELLING: ['CANCELLED', STUCK],
  [STUCK]: ['IN_PROGRESS', 'COMPENSATING', 'CANCELLING', 'COMPLETED'],
}
type Ways = Readonly<Record<string, readonly string[]>>

/** Everything that no order of events explains. */
export function unexplained(history: readonly Seen[], promises: Promises): string[] {
  const found: string[] = []
  for (const [what, seen] of Map.groupBy(history, (one) => one.what)) {
    const [kind, id] = what.split(' ')
    if (kind === 'customer') found.push(...seen.flatMap((one) => wrongBalance(one, Number(id), promises) ?? []))
    else if (!isExplained(seen, kind === 'vehicle' ? 'available' : 'STARTED', kind === 'vehicle' ? VEHICLE : PURCHASE))
      found.push(`${what} was seen as nothing explains it: ${wordsOf(seen)}`)
  }
  return found
}

/**
 * The algorithm of Wing and Gong: it takes any answer next whose question came before the earliest end of the remaining
 * ones, if the register can have reached its state. It goes back where that leads nowhere, and remembers what it has tried.
 */
function isExplained(seen: readonly Seen[], first: string, ways: Ways): boolean {
  const reachable = reachabilityOf(ways)
  const tried = new Set<string>()
  const from = (state: string, left: readonly Seen[]): boolean => {
    if (left.length === 0) return true
    const known = `${state} ${left.map((one) => seen.indexOf(one)).join()}`
    if (tried.has(known)) return false
    tried.add(known)
    const earliestEnd = Math.min(...left.map(({ to }) => to))
    return left.some(
      (one) =>
        one.from <= earliestEnd &&
        reachable(state, one.as) &&
        from(
          one.as,
          left.filter((other) => other !== one),
        ),
    )
  }
  return from(
    first,
    [...seen].sort((one, other) => one.to - other.to),
  )
}

function reachabilityOf(ways: Ways) {
  const all = new Map<string, ReadonlySet<string>>()
  const from = (state: string): ReadonlySet<string> => {
    const known = all.get(state)
    if (known) return known
    const found = new Set([state])
    for (const one of found) for (const next of ways[one] ?? []) found.add(next)
    all.set(state, found)
    return found
  }
  return (state: string, to: string) => from(state).has(to)
}

/** A balance is no more than was paid in, and no less than that minus all orders up to then. */
function wrongBalance({ what, as }: Seen, id: number, { customers, accepted, vehicles }: Promises): string | undefined {
  const opening = customers.get(id)?.balance_cents
  if (opening === undefined) return `${what} was seen, and nobody registered it`
  const orders = [...accepted.values()].filter((one) => one.customer_id === id && one.payment_type === 'cash')
  const most = orders.reduce((sum, { vehicle_id }) => sum + (vehicles.get(vehicle_id) ?? 0), 0)
  const balance = Number(as)
  if (balance <= opening && balance >= Math.max(opening - most, 0)) return undefined
  return `${what} had ${opening} cents, ordered for ${most}, and was seen with ${balance}`
}

const wordsOf = (seen: readonly Seen[]) =>
  [...seen]
    .sort((one, other) => one.from - other.from)
    .map(({ as, from, to }) => `${as} (${from.toFixed(0)} to ${to.toFixed(0)} ms)`)
    .join(', ')
