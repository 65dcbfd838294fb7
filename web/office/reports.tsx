/** The reports: sales and margin, the stock, and why purchases failed, each compared with the period before. */
import { Form, Link, type LoaderFunctionArgs, type MetaFunction, useLoaderData } from 'react-router'
import type { Client } from '../../clients/typescript/client.ts'
import { expected } from '../answers.server.ts'
import { api } from '../api.server.ts'
import { amount, day, isoDay, money } from '../formats.ts'
import { expectStaff } from '../session.server.ts'
import { office } from '../texts/office.pt-br.ts'
import { reports as texts } from '../texts/office-reports.pt-br.ts'
import { control, PageHead, press, Told } from './parts.tsx'
import { percentOf } from './percent.ts'
import type { ReportData } from './report-data.ts'
import { Brands, Failures, Longest, Sellers, Stock, Time, Ways } from './report-parts.tsx'
import { monthStart, periodIn, type Span } from './report-period.ts'
import { isOperator } from './rights.ts'

export async function loader(args: LoaderFunctionArgs): Promise<ReportData> {
  if (!isOperator(await expectStaff(args))) throw new Response(null, { status: 404 })
  const client = api(args)
  const today = isoDay(new Date())
  const period = periodIn(new URL(args.request.url).searchParams, today)
  const [time, before, brands, sellers, ways, stock] = await Promise.all([
    salesOf(client, period, period.unit),
    period.before && salesOf(client, period.before, period.unit),
    salesOf(client, period, 'brand'),
    salesOf(client, period, 'seller'),
    salesOf(client, period, 'payment_type'),
    client.reportStock({ query: { group: 'days' } }).then(expected),
  ])
  return {
    period,
    today,
    time,
    before,
    brands: brands.rows,
    sellers: sellers.rows,
    ways: ways.rows,
    stock,
    now: Date.now(),
  }
}

const salesOf = (client: Client, { from, to }: Span, group: 'day' | 'month' | 'brand' | 'seller' | 'payment_type') =>
  client.reportSales({ query: { from, to, group } }).then(expected)

export const meta: MetaFunction = () => [{ title: texts.title }, { name: 'robots', content: 'noindex' }]

export default function Reports() {
  const { time, now } = useLoaderData<typeof loader>()
  return (
    <>
      <PageHead
        title={texts.title}
        about={[texts.about, time.as_of && texts.asOf(office.ago(time.as_of, now))].filter(Boolean).join(' ')}
      />
      <Choice />
      <Figures />
      {time.total.uncosted > 0 && <Told tone="warn">{texts.uncosted(time.total.uncosted)}</Told>}
      <div className="grid grid-cols-[minmax(0,1fr)] gap-5 xl:grid-cols-2 xl:items-start">
        <div className="min-w-0 xl:col-span-2">
          <Time />
        </div>
        <Stock />
        <Brands />
        <Failures />
        <Ways />
        <Sellers />
        <Longest />
      </div>
      <p className="no-print mt-5 text-muted">{texts.print}</p>
    </>
  )
}

function Choice() {
  const { period, today } = useLoaderData<typeof loader>()
  const presets = [
    [texts.presets.month, monthStart(today, 0)],
    [texts.presets.quarter, monthStart(today, -2)],
    [texts.presets.year, monthStart(today, -11)],
  ] as const
  return (
    <div className="no-print mb-5 flex flex-wrap items-end gap-2">
      <nav aria-label={texts.period} className="flex rounded-[6px] bg-sunken p-0.5">
        {presets.map(([name, from]) => (
          <Link
            key={name}
            to={`?de=${from}&ate=${today}${period.before ? '' : '&comparar=nao'}`}
            aria-current={period.from === from && period.to === today}
            className="inline-flex min-h-7 items-center rounded-[5px] px-3 font-[550] text-muted hover:text-ink aria-[current=true]:bg-surface aria-[current=true]:text-ink aria-[current=true]:ring-1 aria-[current=true]:ring-line"
          >
            {name}
          </Link>
        ))}
      </nav>
      <Form className="flex flex-wrap items-end gap-2" key={`${period.from} ${period.to}`}>
        {(
          [
            ['de', texts.from, period.from],
            ['ate', texts.to, period.to],
          ] as const
        ).map(([name, label, value]) => (
          <label key={name}>
            <span className="mb-1 block text-xs font-[550]">{label}</span>
            <input type="date" name={name} defaultValue={value} max={today} className={control} />
          </label>
        ))}
        <label>
          <span className="mb-1 block text-xs font-[550]">{texts.compare}</span>
          <select name="comparar" defaultValue={period.before ? 'sim' : 'nao'} className={control}>
            <option value="sim">sim</option>
            <option value="nao">não</option>
          </select>
        </label>
        <button type="submit" className={press()}>
          {texts.show}
        </button>
      </Form>
    </div>
  )
}

function Figures() {
  const { time, before, period } = useLoaderData<typeof loader>()
  const words = texts.figures
  const list = (total: typeof time.total): readonly (readonly [string, string])[] => [
    [words.sales, amount(total.sales)],
    [words.revenue, money(Math.round(total.revenue))],
    [words.margin, percentOf(total.margin, total.revenue) || '–'],
    [words.discount, percentOf(total.discount, total.revenue + total.discount) || '–'],
    [words.returns, amount(total.returns)],
  ]
  const were = before && list(before.total)
  return (
    <dl
      aria-label={texts.span(day(`${period.from}T12:00:00Z`), day(`${period.to}T12:00:00Z`))}
      className="mb-5 grid grid-cols-2 overflow-hidden rounded-control border border-line bg-surface sm:grid-cols-3 lg:grid-cols-5"
    >
      {list(time.total).map(([name, value], index) => (
        <div key={name} className="border-line px-4 py-3 not-last:border-r max-lg:border-b">
          <dt className="text-muted">{name}</dt>
          <dd className="mt-1">
            <span className="display block text-[22px] tabular-nums">{value}</span>
            {were && <span className="text-xs text-muted tabular-nums">{texts.were(were[index]?.[1] ?? '')}</span>}
          </dd>
        </div>
      ))}
    </dl>
  )
}
