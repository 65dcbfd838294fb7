/** The prices of a vehicle over time, as a chart of steps and as a table. Nothing if the price has never changed. */
import { day, money } from '../formats.ts'
import { texts } from '../texts/index.ts'
import { Tag } from '../ui/tag.tsx'
import { type Offered, stairOf } from './price-stair.ts'

export type { Offered } from './price-stair.ts'

/** Heights in the chart, in pixels; it is as wide as the page allows. */
const TOP = 34
const GROUND = 132
const HEIGHT = 160

export function PriceHistory({ prices, now }: { readonly prices: readonly Offered[]; readonly now: number }) {
  const [latest] = prices
  const first = prices.at(-1)
  if (!latest || !first || prices.length < 2) return null
  const words = texts.vehicle
  const lower = first.price - latest.price
  return (
    <section className="py-8 lg:pt-10" id="precos">
      <div className="mb-5 flex flex-wrap items-center justify-between gap-3">
        <h2>{words.priceHistory}</h2>
        {lower > 0 && (
          <Tag tone="good" icon="down">
            {words.droppedBy(money(lower))}
          </Tag>
        )}
      </div>
      <div className="panel p-5 lg:p-7">
        <Stair
          prices={prices}
          now={now}
          label={words.priceStory(money(first.price), money(latest.price), day(first.at))}
        />
        <details className="mt-4 border-t border-line pt-2">
          <summary className="inline-flex min-h-11 items-center text-sm font-semibold text-accent hover:underline">
            {texts.chart.table}
          </summary>
          <table className="mt-2 w-full max-w-sm text-[15px] tabular-nums">
            <thead className="text-left text-sm text-muted">
              <tr>
                <th className="py-1.5 font-normal">{texts.chart.when}</th>
                <th className="py-1.5 text-right font-normal">{texts.chart.value}</th>
              </tr>
            </thead>
            <tbody>
              {prices.map(({ at, price }) => (
                <tr key={at} className="border-t border-line">
                  <td className="py-2">{day(at)}</td>
                  <td className="py-2 text-right font-semibold">{money(price)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      </div>
    </section>
  )
}

function Stair({
  prices,
  now,
  label,
}: {
  readonly prices: readonly Offered[]
  readonly now: number
  readonly label: string
}) {
  const steps = stairOf(prices, now)
  const height = (level: number) => GROUND - level * (GROUND - TOP)
  return (
    <svg role="img" aria-label={label} className="block w-full overflow-visible text-[13px]" height={HEIGHT}>
      {steps.map(({ at, from, to, level, before, price, told }) => (
        <g key={at}>
          <rect
            x={`${from}%`}
            y={height(level)}
            width={`${to - from}%`}
            height={GROUND - height(level)}
            className="fill-accent-tint"
          />
          {before !== undefined && (
            <line
              x1={`${from}%`}
              x2={`${from}%`}
              y1={height(before)}
              y2={height(level)}
              className="stroke-accent stroke-2"
            />
          )}
          <line
            x1={`${from}%`}
            x2={`${to}%`}
            y1={height(level)}
            y2={height(level)}
            className="stroke-accent stroke-2"
            strokeLinecap="round"
          />
          <circle cx={`${from}%`} cy={height(level)} r="4.5" className="fill-surface stroke-accent stroke-2" />
          {told !== 'in the table' && (
            <text
              x={told === 'at the end' ? '100%' : `${from}%`}
              y={height(level) - 13}
              textAnchor={told === 'at the end' ? 'end' : 'start'}
              className="fill-ink stroke-surface stroke-4 font-[650] tabular-nums [paint-order:stroke]"
            >
              {money(price)}
            </text>
          )}
          {told === 'where it begins' && (
            <text x={`${from}%`} y={HEIGHT - 6} className="fill-muted">
              {day(at)}
            </text>
          )}
        </g>
      ))}
      <text x="100%" y={HEIGHT - 6} textAnchor="end" className="fill-muted">
        {texts.chart.today}
      </text>
    </svg>
  )
}
