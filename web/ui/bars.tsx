/**
 * Charts that the server draws. Sizes are in percent, so that text keeps its size on every screen and in print. Each chart has a
 * sentence for people who do not see it, and the page has its table.
 */

export interface Bar {
  readonly key: string
  /** The text below the bar; empty if there is no room for it. */
  readonly label: string
  readonly value: number
  /** The value of the period before, drawn grey beside it. */
  readonly before?: number
}

const TOP = 24
const GROUND = 168
const HEIGHT = 192
/** With more bars than this, only the table shows the values. */
const TOLD = 13

export function Columns({ bars, title }: { readonly bars: readonly Bar[]; readonly title: string }) {
  const most = Math.max(1, ...bars.map(({ value, before = 0 }) => Math.max(value, before)))
  const slot = 100 / Math.max(1, bars.length)
  const height = (value: number) => (Math.max(0, value) / most) * (GROUND - TOP)
  const hasBefore = bars.some(({ before }) => before !== undefined)
  return (
    <svg role="img" aria-label={title} width="100%" height={HEIGHT} className="block overflow-visible text-[11px]">
      {[0.5, 1].map((share) => (
        <line
          key={share}
          x1="0"
          x2="100%"
          y1={GROUND - share * (GROUND - TOP)}
          y2={GROUND - share * (GROUND - TOP)}
          className="stroke-line"
        />
      ))}
      {bars.map(({ key, label, value, before = 0 }, index) => {
        const from = index * slot
        const width = slot * (hasBefore ? 0.5 : 0.66)
        const start = from + slot * (hasBefore ? 0.38 : 0.17)
        return (
          <g key={key}>
            {hasBefore && (
              <rect
                x={`${from + slot * 0.14}%`}
                y={GROUND - height(before)}
                width={`${slot * 0.22}%`}
                height={height(before)}
                className="fill-edge opacity-70"
              />
            )}
            <rect
              x={`${start}%`}
              y={GROUND - height(value)}
              width={`${width}%`}
              height={height(value)}
              className="fill-accent"
            />
            {bars.length <= TOLD && value > 0 && (
              <text
                x={`${start + width / 2}%`}
                y={GROUND - height(value) - 6}
                textAnchor="middle"
                className="fill-ink font-semibold tabular-nums"
              >
                {value.toLocaleString('pt-BR')}
              </text>
            )}
            <text x={`${from + slot / 2}%`} y={HEIGHT - 6} textAnchor="middle" className="fill-muted">
              {label}
            </text>
          </g>
        )
      })}
      <line x1="0" x2="100%" y1={GROUND} y2={GROUND} className="stroke-edge" />
    </svg>
  )
}

interface Row {
  readonly name: string
  /** The length of the bar. */
  readonly value: number
  /** The text beside the bar. */
  readonly told: string
  /** More text, at the right. */
  readonly beside?: string
  readonly tone?: 'usual' | 'quiet' | 'warn' | 'bad'
}

const TONES = { usual: 'fill-accent', quiet: 'fill-edge', warn: 'fill-amber', bad: 'fill-red' } as const

/** Horizontal bars. A screen reader reads them as a list, so they need no other sentence. */
export function Lying({ rows }: { readonly rows: readonly Row[] }) {
  const most = Math.max(1, ...rows.map(({ value }) => Math.abs(value)))
  return (
    <ul className="grid gap-2.5">
      {rows.map(({ name, value, told, beside, tone = 'usual' }) => (
        <li key={name} className="grid grid-cols-[minmax(84px,26%)_1fr_auto] items-center gap-x-3">
          <span className="text-right text-xs leading-tight break-words">{name}</span>
          <span className="flex items-center gap-2">
            <svg aria-hidden="true" width="100%" height="20" className="block min-w-0 flex-1">
              <rect width={`${(Math.max(0, value) / most) * 100}%`} height="20" className={TONES[tone]} />
              <line x1="0" x2="0" y2="20" className="stroke-edge stroke-2" />
            </svg>
          </span>
          <span className="min-w-16 text-right tabular-nums">
            <b className="font-semibold">{told}</b>
            {beside && <span className="block text-xs text-muted">{beside}</span>}
          </span>
        </li>
      ))}
    </ul>
  )
}
