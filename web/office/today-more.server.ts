/** For roles that may see them: late papers, cars that stand too long, and the month compared with the one before. */
import type { Client } from '../../clients/typescript/client.ts'
import { orElse } from '../answers.server.ts'
import { today as texts } from '../texts/office.pt-br.ts'
import { monthStart, periodIn } from './report-period.ts'
import type { Task } from './today-task.ts'

/** The most tasks of each kind; the lists behind them have all. */
const MOST = 10
const STANDS_DAYS = 60
const DAY_MS = 86_400_000

export async function latePapers(client: Client): Promise<readonly Task[]> {
  const found = await orElse(client.listPaperTasks({ query: { state: 'late', limit: MOST } }), undefined)
  if (!found?.ok) return []
  return found.data.vehicles.map(({ vehicle_id, brand, model, tasks }): Task => {
    const late = tasks.filter(({ state }) => state === 'late')
    const due = late.map(({ due_on }) => due_on ?? '').sort()[0]
    return {
      key: `papers-${vehicle_id}`,
      tone: 'amber',
      title: texts.papers(`${brand} ${model}`),
      about: texts.papersLate(late.length),
      since: due ? `${due}T12:00:00Z` : found.data.timestamp,
      to: `/painel/estoque/${vehicle_id}`,
    }
  })
}

export async function standing(client: Client, now: number): Promise<readonly Task[]> {
  const found = await orElse(client.reportStock({ query: { group: 'days' } }), undefined)
  if (!found?.ok) return []
  return found.data.longest
    .filter(({ days_in_stock }) => days_in_stock > STANDS_DAYS)
    .slice(0, MOST)
    .map(
      ({ vehicle_id, name, days_in_stock }): Task => ({
        key: `stands-${vehicle_id}`,
        tone: 'plain',
        title: texts.stands(name),
        about: texts.standsFor(days_in_stock),
        since: new Date(now - days_in_stock * DAY_MS).toISOString(),
        to: `/painel/estoque/${vehicle_id}`,
      }),
    )
}

export interface Month {
  readonly sales: number
  readonly revenue: number
  readonly margin: number
  readonly returns: number
}

/** This month so far, and as many days just before it; undefined if the role may not read reports. */
export async function monthFor(client: Client, today: string): Promise<readonly [Month, Month] | undefined> {
  const period = periodIn(new URLSearchParams({ de: monthStart(today, 0), ate: today }), today)
  const totals = [period, period.before ?? period].map(async ({ from, to }) => {
    const answer = await orElse(client.reportSales({ query: { from, to, group: 'month' } }), undefined)
    return answer?.ok ? answer.data.total : undefined
  })
  const [now, before] = await Promise.all(totals)
  return now && before && [now, before]
}
