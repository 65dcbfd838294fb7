/** The period of a report, read from the address, and the earlier period that it is compared with. Pure. */

export interface Span {
  /** Days of São Paulo, both included. */
  readonly from: string
  readonly to: string
}

export interface Period extends Span {
  readonly unit: 'day' | 'month'
  /** Each day or month of the period, even if nothing happened in it. */
  readonly keys: readonly string[]
  /** The period of the same length before it; absent if nothing is to be compared. */
  readonly before?: Span & { readonly keys: readonly string[] }
}

const DAY_MS = 86_400_000
/** A longer period is shown by months instead of days. */
const DAYS_TOLD = 45
const YEARS_MOST = 10

const parsed = (day: string) => Date.parse(`${day}T12:00:00Z`)
const written = (ms: number) => new Date(ms).toISOString().slice(0, 10)
const isDay = (text: string | null): text is string =>
  text !== null && /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(parsed(text)) && written(parsed(text)) === text

/** The first day of the month that is `months` later, or earlier if negative. */
export function monthStart(day: string, months: number): string {
  const [year = 0, month = 1] = day.split('-').map(Number)
  return written(Date.UTC(year, month - 1 + months, 1, 12))
}

/** The period in the address, if it makes sense; otherwise the twelve months up to today. */
export function periodIn(params: URLSearchParams, today: string): Period {
  const [asked, until] = [params.get('de'), params.get('ate')]
  const to = isDay(until) && until <= today ? until : today
  const least = monthStart(to, -12 * YEARS_MOST)
  const from = isDay(asked) && asked <= to && asked >= least ? asked : monthStart(to, -11)
  const unit = (parsed(to) - parsed(from)) / DAY_MS < DAYS_TOLD ? 'day' : 'month'
  const span = { from, to }
  const isCompared = params.get('comparar') !== 'nao'
  const before = unit === 'day' ? daysBefore(span) : monthsBefore(span)
  return {
    ...span,
    unit,
    keys: keysOf(span, unit),
    ...(isCompared && { before: { ...before, keys: keysOf(before, unit) } }),
  }
}

function daysBefore({ from, to }: Span): Span {
  const days = (parsed(to) - parsed(from)) / DAY_MS + 1
  return { from: written(parsed(from) - days * DAY_MS), to: written(parsed(from) - DAY_MS) }
}

/** The period as many months earlier as it is long. It ends on the same day of the month, or on the month's last day. */
function monthsBefore({ from, to }: Span): Span {
  const months = keysOf({ from, to }, 'month').length
  const back = (day: string) => {
    const first = monthStart(day, -months)
    const last = written(parsed(monthStart(first, 1)) - DAY_MS)
    const same = `${first.slice(0, 8)}${day.slice(8)}`
    return same < last ? same : last
  }
  return { from: back(from), to: back(to) }
}

function keysOf({ from, to }: Span, unit: 'day' | 'month'): readonly string[] {
  const keys: string[] = []
  if (unit === 'day') for (let at = parsed(from); at <= parsed(to); at += DAY_MS) keys.push(written(at))
  else for (let at = monthStart(from, 0); at <= to; at = monthStart(at, 1)) keys.push(at.slice(0, 7))
  return keys
}
