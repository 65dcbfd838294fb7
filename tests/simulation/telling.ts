/** Describes the results of a campaign, and the steps of a failing schedule. */
import type { Campaign } from './campaign.ts'
import type { Finding, Schedule } from './simulate.ts'

export function wordsOf({ seeds, steps, endings, positions, growth }: Campaign, milliseconds: number): string {
  const purchases = [...endings.values()].reduce((sum, count) => sum + count, 0)
  const perSecond = Math.round((seeds * 1_000) / milliseconds)
  return [
    `${seeds} seeds, ${perSecond} a second: ${steps} steps, every invariant held after each of them`,
    `${purchases} purchases, ${positions.size} positions of a saga were reached`,
    ...[...endings]
      .sort()
      .map(([ending, count]) => row(ending.padEnd(20), count, `${((100 * count) / purchases).toFixed(1)} %`)),
    'distinct states reached:      of a purchase   of the world',
    ...growth.map((at) => `  after ${number(at.seeds, 9)} seeds ${number(at.purchases, 14)} ${number(at.worlds, 14)}`),
  ].join('\n')
}

const row = (name: string, count: number, more: string) => `  ${name} ${number(count, 9)}  ${more}`
const number = (value: number, width: number) => value.toLocaleString('en').padStart(width)

/** Steps without an effect are left out. */
export const traceOf = ({ trace }: Finding): string =>
  trace
    .flatMap((said, index) => (IDLE.test(said) ? [] : `  ${String(index + 1).padStart(4)}  ${said}`))
    .join('\n')
    .replaceAll('00000000-0000-7000-8000-00000000000', 'p')

const IDLE = /^(nothing|nobody|no |all are up|a relay is down|0 errands|staff think)/

/** As `--schedule` takes it. */
export const textOf = ({ world, storm }: Schedule): string => `${world}:${storm.join(',')}`

export function scheduleFrom(text: string): Schedule | undefined {
  const [world = '', storm = ''] = text.split(':')
  const steps = storm.split(',').filter(Boolean).map(Number)
  return [Number(world), ...steps].every(Number.isSafeInteger) ? { world: Number(world), storm: steps } : undefined
}
