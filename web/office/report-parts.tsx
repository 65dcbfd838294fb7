/** The panels of the reports: each is a chart with its table. */
import { Link, useLoaderData } from 'react-router'
import type { SalesReport } from '../../clients/typescript/operations.ts'
import { amount, day, money } from '../formats.ts'
import { office } from '../texts/office.pt-br.ts'
import { reports as texts } from '../texts/office-reports.pt-br.ts'
import { type Bar, Columns, Lying } from '../ui/bars.tsx'
import { Panel } from './parts.tsx'
import { percentOf } from './percent.ts'
import { fileOf, type ReportData } from './report-data.ts'
import { ReportPanel } from './report-panel.tsx'
import { reasonName } from './standing.tsx'

type SalesRow = SalesReport['rows'][number]

const useReports = () => useLoaderData<ReportData>()
const whole = (reais: number) => amount(Math.round(reais))
const { columns } = texts

const MONTH = new Intl.DateTimeFormat('pt-BR', { month: 'short', timeZone: 'UTC' })
const monthName = (key: string) => MONTH.format(new Date(`${key}-01T12:00:00Z`)).replace('.', '')
/** `nov 26`, `12 nov 2026` */
const keyName = (key: string) => (key.length === 7 ? `${monthName(key)} ${key.slice(2, 4)}` : day(`${key}T12:00:00Z`))

/** The label under a column: every month by its name, or every fifth day. */
const labelOf = (key: string, index: number) =>
  key.length === 7 ? monthName(key) : index % 5 === 0 ? String(Number(key.slice(8))) : ''

export function Time() {
  const { period, time, before } = useReports()
  const rowOf = (rows: readonly SalesRow[], key: string | undefined) => rows.find((row) => row.key === key)
  const lines = period.keys.map((key, index) => ({
    key,
    now: rowOf(time.rows, key),
    was: before && rowOf(before.rows, period.before?.keys[index]),
  }))
  const bars = lines.map(
    ({ key, now, was }, index): Bar => ({
      key,
      label: labelOf(key, index),
      value: now?.sales ?? 0,
      ...(before && { before: was?.sales ?? 0 }),
    }),
  )
  const span = [period.from, period.to].map((one) => day(`${one}T12:00:00Z`))
  return (
    <ReportPanel
      title={texts.byTime[period.unit]}
      about={
        <>
          <Key className="bg-accent" /> {texts.now}
          {before && (
            <>
              <Key className="ml-3 bg-edge" /> {texts.before}
            </>
          )}
        </>
      }
      csv={fileOf(period, period.unit)}
      table={{
        head: [
          [columns.when],
          [columns.sales, 'figures'],
          ...(before ? ([[columns.before, 'figures']] as const) : []),
          [columns.returns, 'figures'],
          [columns.revenue, 'figures'],
          [columns.margin, 'figures'],
        ],
        rows: lines.map(({ key, now, was }) => [
          keyName(key),
          amount(now?.sales ?? 0),
          ...(before ? [amount(was?.sales ?? 0)] : []),
          amount(now?.returns ?? 0),
          whole(now?.revenue ?? 0),
          whole(now?.margin ?? 0),
        ]),
      }}
    >
      <Columns bars={bars} title={texts.chart(time.total.sales, span[0] ?? '', span[1] ?? '')} />
    </ReportPanel>
  )
}

const Key = ({ className }: { readonly className: string }) => (
  <span aria-hidden="true" className={`mr-1 inline-block size-2.5 rounded-[2px] ${className}`} />
)

export function Stock() {
  const { stock } = useReports()
  const tones = { '61-90': 'warn', '91+': 'bad' } as const
  const count = stock.rows.reduce((sum, row) => sum + row.count, 0)
  return (
    <ReportPanel
      title={texts.stock}
      about={texts.cars(count)}
      csv="/painel/relatorios/estoque.csv?group=days"
      table={{
        head: [[columns.age], [columns.count, 'figures'], [columns.price, 'figures'], [columns.cost, 'figures']],
        rows: stock.rows.map((row) => [
          texts.bands[row.key] ?? row.key,
          amount(row.count),
          whole(row.price),
          whole(row.cost),
        ]),
      }}
    >
      <Lying
        rows={stock.rows.map(({ key, count: cars, price }) => ({
          name: texts.bands[key] ?? key,
          value: cars,
          told: amount(cars),
          beside: money(Math.round(price)),
          tone: tones[key as keyof typeof tones] ?? 'usual',
        }))}
      />
    </ReportPanel>
  )
}

const byRevenue = (rows: readonly SalesRow[]) => [...rows].sort((a, b) => b.revenue - a.revenue)

const salesTable = (name: string, rows: readonly SalesRow[], named: (key: string) => string) => ({
  head: [
    [name],
    [columns.sales, 'figures'],
    [columns.revenue, 'figures'],
    [columns.discount, 'figures'],
    [columns.margin, 'figures'],
    [columns.share, 'figures'],
  ] as const,
  rows: rows.map((row) => [
    named(row.key),
    amount(row.sales),
    whole(row.revenue),
    whole(row.discount),
    whole(row.margin),
    percentOf(row.margin, row.revenue).replace(' %', ''),
  ]),
})

export function Brands() {
  const { brands, period } = useReports()
  const rows = byRevenue(brands)
  return (
    <ReportPanel
      title={texts.brands}
      csv={fileOf(period, 'brand')}
      table={salesTable(columns.brand, rows, (key) => key || '–')}
    >
      <Lying
        rows={rows.slice(0, 10).map(({ key, margin, revenue, sales }) => ({
          name: key || '–',
          value: revenue > 0 ? margin / revenue : 0,
          told: percentOf(margin, revenue) || '–',
          beside: texts.cars(sales),
        }))}
      />
    </ReportPanel>
  )
}

export function Ways() {
  const { ways, period } = useReports()
  const rows = byRevenue(ways)
  const name = (key: string) => office.ways[key as keyof typeof office.ways] ?? '–'
  return (
    <ReportPanel title={texts.ways} csv={fileOf(period, 'payment_type')} table={salesTable(columns.way, rows, name)}>
      <Lying
        rows={rows.map(({ key, sales, revenue }) => ({
          name: name(key),
          value: sales,
          told: amount(sales),
          beside: money(Math.round(revenue)),
        }))}
      />
    </ReportPanel>
  )
}

export function Failures() {
  const { time } = useReports()
  const all = time.failures.reduce((sum, { count }) => sum + count, 0)
  return (
    <ReportPanel
      title={texts.failures}
      table={{
        head: [[columns.why], [columns.count, 'figures']],
        rows: time.failures.map(({ reason, count }) => [reasonName(reason), amount(count)]),
      }}
    >
      <Lying
        rows={time.failures.slice(0, 8).map(({ reason, count }) => ({
          name: reasonName(reason),
          value: count,
          told: amount(count),
          beside: percentOf(count, all),
          tone: 'quiet',
        }))}
      />
    </ReportPanel>
  )
}

export function Sellers() {
  const { sellers, period } = useReports()
  return (
    <ReportPanel
      title={texts.sellers}
      csv={fileOf(period, 'seller')}
      table={salesTable(columns.who, byRevenue(sellers), (key) => key || texts.nobody)}
    />
  )
}

export function Longest() {
  const { stock } = useReports()
  return (
    <Panel title={texts.longest} flush>
      {stock.longest.length === 0 && <p className="p-4 text-muted">{texts.none}</p>}
      <ol>
        {stock.longest.map(({ vehicle_id, name, days_in_stock, price }) => (
          <li key={vehicle_id} className="border-b border-line last:border-0">
            <Link to={`/painel/estoque/${vehicle_id}`} className="flex justify-between gap-4 px-4 py-2 hover:bg-hover">
              <span className="min-w-0 truncate font-[550]">{name}</span>
              <span className="flex gap-4 whitespace-nowrap tabular-nums">
                <span
                  className={days_in_stock > 90 ? 'text-red' : days_in_stock > 60 ? 'text-amber-ink' : 'text-muted'}
                >
                  {texts.days(days_in_stock)}
                </span>
                <span>{money(price)}</span>
              </span>
            </Link>
          </li>
        ))}
      </ol>
    </Panel>
  )
}
