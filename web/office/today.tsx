/**
 * The day of the person who opens it: first the tasks, the most costly to leave on top, then the latest purchases.
 */
import { Link, type LoaderFunctionArgs, type MetaFunction, useLoaderData } from 'react-router'
import type { Client } from '../../clients/typescript/client.ts'
import type { Saga } from '../../clients/typescript/operations.ts'
import { expected, orHidden } from '../answers.server.ts'
import { api } from '../api.server.ts'
import { exactMoney, hour, isoDay, longDay, money } from '../formats.ts'
import { expectStaff, type Person } from '../session.server.ts'
import { shortName } from '../store/purchase-story.ts'
import { office, today as texts } from '../texts/office.pt-br.ts'
import { approvalsFor } from './every-service.server.ts'
import { namesOf } from './names.server.ts'
import { Nothing, PageHead, Panel, press } from './parts.tsx'
import { isAdmin, isOperator } from './rights.ts'
import { reasonName, Standing, stepName } from './standing.tsx'
import { latePapers, monthFor, standing } from './today-more.server.ts'
import type { Task } from './today-task.ts'

/** The most tasks of each kind; the lists behind them have all. */
const QUEUE = 20
const BOUGHT = 100

export async function loader(args: LoaderFunctionArgs) {
  const person = await expectStaff(args)
  const client = api(args)
  const begun = Date.now()
  const today = isoDay(new Date(begun))
  const [tasks, { sagas, next_cursor }, month] = await Promise.all([
    tasksFor(client, person, begun),
    client.listSagaStates({ query: { kind: 'purchase', limit: BOUGHT } }).then(expected),
    isOperator(person) ? monthFor(client, today) : undefined,
  ])
  const now = Date.now()
  const bought = sagas.filter(({ created_at }) => longDay(created_at) === longDay(new Date(now).toISOString()))
  const names = await namesOf(
    client,
    bought.slice(0, QUEUE).map(({ customer_id }) => customer_id),
  )
  const completed = bought.filter(({ status }) => status === 'COMPLETED')
  return {
    now,
    tasks,
    month,
    names,
    bought: bought.slice(0, QUEUE),
    figures: {
      begun: bought.length,
      isMore: bought.length === BOUGHT && next_cursor !== null,
      completed: completed.length,
      sum: completed.reduce((sum, { amount }) => sum + amount, 0),
      going: sagas.filter(({ status }) => status === 'STARTED' || status === 'IN_PROGRESS').length,
    },
  }
}

/** Asks only for tasks that the role may see; tasks that a service refuses nevertheless are left out. */
async function tasksFor(client: Client, person: Person, now: number): Promise<readonly Task[]> {
  const hidden = Promise.resolve(undefined)
  const limit = QUEUE
  const [stuck, unmatched, owed, returns, pickups, papers, stands, approvals] = await Promise.all([
    client.listSagaStates({ query: { status: 'FAILED_REQUIRES_MANUAL_INTERVENTION', limit } }).then(expected),
    isOperator(person) ? client.listUnmatchedPayments({ query: { status: 'parked', limit } }).then(orHidden) : hidden,
    isOperator(person) ? client.listOwedItems({ query: { status: 'open', limit } }).then(orHidden) : hidden,
    client.listSagaStates({ query: { kind: 'return', current_step: 'RETURN_RECEIPT', limit } }).then(expected),
    client.listVehicles({ query: { status_filter: 'awaiting_pickup', limit } }).then(expected),
    isOperator(person) ? latePapers(client) : [],
    isOperator(person) ? standing(client, now) : [],
    isAdmin(person) ? approvalsFor(client) : [],
  ])
  return [
    ...stuck.sagas.map(stuckTask),
    ...(unmatched?.unmatched_payments ?? []).map(
      (one): Task => ({
        key: `unmatched-${one.id}`,
        tone: 'amber',
        title: texts.unmatched,
        about: texts.unmatchedWhy[one.reason] ?? '',
        amount: one.amount,
        since: one.received_at,
        to: one.transaction_id ? `/painel/vendas/${one.transaction_id}` : '/painel/operacao',
      }),
    ),
    ...(owed?.owed_items ?? []).map(
      (one): Task => ({
        key: `owed-${one.id}`,
        tone: 'amber',
        title: texts.owed,
        about: texts.owedWhy[one.reason] ?? '',
        amount: one.amount,
        since: one.created_at,
        to: `/painel/vendas/${one.return_id ?? one.transaction_id}`,
      }),
    ),
    ...approvals.map(
      (one): Task => ({
        key: `approval-${one.approval_id}`,
        tone: 'amber',
        title: texts.approvalKinds[one.kind] ?? texts.approval,
        about: [one.subject?.name, texts.askedBy(one.asked_by), one.reason].filter(Boolean).join(' · '),
        since: one.asked_at,
        to: '/painel/aprovacoes',
      }),
    ),
    ...pickups.vehicles.map(
      (one): Task => ({
        key: `pickup-${one.id}`,
        tone: 'plain',
        title: texts.pickup(`${one.brand} ${one.model}`),
        about: texts.pickupHelp(one.days_awaiting_pickup ?? 0),
        since: one.sold_at ?? one.updated_at,
        to: `/painel/estoque/${one.id}`,
      }),
    ),
    ...returns.sagas
      .filter(({ status }) => status === 'IN_PROGRESS')
      .map(
        (one): Task => ({
          key: one.transaction_id,
          tone: 'plain',
          title: texts.returns(shortName(one.transaction_id)),
          about: `${one.context.vehicle_brand} ${one.context.vehicle_model}. ${texts.returnUntil}`,
          amount: one.amount,
          since: one.created_at,
          to: `/painel/vendas/${one.transaction_id}`,
        }),
      ),
    ...papers,
    ...stands,
  ]
}

function stuckTask({ kind, transaction_id, context, current_step, amount, updated_at }: Saga): Task {
  const short = shortName(transaction_id)
  const reason = context.failure_reason ? reasonName(context.failure_reason) : ''
  return {
    key: transaction_id,
    tone: 'red',
    title: kind === 'return' ? texts.stuckReturn(short) : texts.stuck(short),
    about: `${context.vehicle_brand} ${context.vehicle_model}. ${texts.stuckAt(stepName(current_step), reason)}`,
    amount,
    since: updated_at,
    to: `/painel/vendas/${transaction_id}`,
  }
}

export const meta: MetaFunction = () => [{ title: texts.title }, { name: 'robots', content: 'noindex' }]

export default function Today() {
  const { now, tasks, figures } = useLoaderData<typeof loader>()
  const all: readonly (readonly [string, string])[] = [
    [texts.figures.begun, figures.isMore ? texts.atLeast(figures.begun) : String(figures.begun)],
    [texts.figures.completed, String(figures.completed)],
    [texts.figures.sum, money(figures.sum)],
    [texts.figures.going, String(figures.going)],
  ]
  return (
    <>
      <PageHead title={longDay(new Date(now).toISOString())} about={texts.needs(tasks.length)} />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-5 xl:grid-cols-[minmax(0,1fr)_332px] xl:items-start">
        <Queue />
        <div className="grid gap-5 md:max-xl:grid-cols-2 md:max-xl:items-start">
          <dl className="grid grid-cols-2 overflow-hidden rounded-control border border-line bg-surface">
            {all.map(([name, value]) => (
              <div key={name} className="border-line px-4 py-3 odd:border-r nth-[n+3]:border-t">
                <dt className="text-xs text-muted">{name}</dt>
                <dd className="display mt-1 text-[22px] whitespace-nowrap tabular-nums">{value}</dd>
              </div>
            ))}
          </dl>
          <MonthSoFar />
          <Bought />
        </div>
      </div>
    </>
  )
}

function MonthSoFar() {
  const { month } = useLoaderData<typeof loader>()
  if (!month) return null
  const [now, before] = month
  const words = texts.month
  const rows: readonly (readonly [string, string, number, number])[] = [
    [words.sales, String(now.sales), now.sales, before.sales],
    [words.revenue, money(Math.round(now.revenue)), now.revenue, before.revenue],
    [words.margin, money(Math.round(now.margin)), now.margin, before.margin],
    [words.returns, String(now.returns), now.returns, before.returns],
  ]
  return (
    <Panel
      title={words.title}
      end={
        <Link
          to="/painel/relatorios"
          className="inline-flex min-h-6 items-center font-semibold text-accent hover:underline"
        >
          {words.more}
        </Link>
      }
      flush
    >
      <dl className="grid grid-cols-2">
        {rows.map(([name, value, is, was]) => (
          <div key={name} className="border-line px-4 py-3 odd:border-r nth-[n+3]:border-t">
            <dt className="text-xs text-muted">{name}</dt>
            <dd className="mt-0.5">
              <b className="font-semibold tabular-nums">{value}</b>
              <span className="block text-xs text-muted">{words.trend(is, was)}</span>
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  )
}

const TONES = { red: 'bg-red-tint', amber: '', plain: '' } as const

function Queue() {
  const { now, tasks } = useLoaderData<typeof loader>()
  const first = tasks[0]?.key
  return (
    <Panel title={texts.queue} about={texts.order} flush>
      {tasks.length === 0 && <Nothing>{texts.empty}</Nothing>}
      <ul>
        {tasks.map(({ key, tone, title, about, amount, since, to }) => (
          <li
            key={key}
            className={`grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1 border-b border-line px-4 py-2.5 last:border-0 sm:grid-cols-[minmax(0,1fr)_96px_76px_104px] ${TONES[tone]}`}
          >
            <div className="min-w-0">
              <h3 className={tone === 'red' ? 'text-red-ink' : ''}>{title}</h3>
              <p className={tone === 'red' ? '' : 'text-muted'}>{about}</p>
            </div>
            <span className="text-right font-[550] tabular-nums">{amount !== undefined && exactMoney(amount)}</span>
            <span className="text-muted tabular-nums sm:text-right">{office.ago(since, now)}</span>
            <Link to={to} aria-label={`${texts.open}: ${title}`} className={press(key === first ? 'main' : 'plain')}>
              {texts.open}
            </Link>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function Bought() {
  const { bought, names } = useLoaderData<typeof loader>()
  return (
    <Panel
      title={texts.bought}
      flush
      end={
        <Link
          to="/painel/vendas"
          className="inline-flex min-h-6 items-center font-semibold text-accent hover:underline"
        >
          {texts.all}
        </Link>
      }
    >
      {bought.length === 0 && <Nothing>{texts.none}</Nothing>}
      <ul>
        {bought.map((saga) => (
          <li key={saga.transaction_id} className="border-b border-line last:border-0">
            <Link
              to={`/painel/vendas/${saga.transaction_id}`}
              className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 px-4 py-2 hover:bg-hover"
            >
              <b className="truncate font-semibold">
                {saga.context.vehicle_brand} {saga.context.vehicle_model}
              </b>
              <span className="text-right tabular-nums">{money(saga.amount)}</span>
              <span className="truncate text-muted">
                {hour(saga.created_at)} · {names[saga.customer_id] ?? office.unknownCustomer(saga.customer_id)}
              </span>
              <span className="justify-self-end">
                <Standing saga={saga} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
