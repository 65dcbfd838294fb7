/** One purchase or return: its live place on its definition, its history, the money, and the acts that a person can do. */
import {
  type ActionFunctionArgs,
  data,
  Link,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
  useActionData,
  useLoaderData,
} from 'react-router'
import { expected, orHidden } from '../answers.server.ts'
import { api } from '../api.server.ts'
import { dayAndHour, exactMoney } from '../formats.ts'
import { expectStaff } from '../session.server.ts'
import { isOver, shortName } from '../store/purchase-story.ts'
import { lastSeen, useLive } from '../store/use-live.ts'
import { contract } from '../texts/contract.pt-br.ts'
import { office, sale as texts } from '../texts/office.pt-br.ts'
import { counter } from '../texts/office-counter.pt-br.ts'
import { operation } from '../texts/office-operation.pt-br.ts'
import { signed } from './author-names.ts'
import { chartOf } from './chart.ts'
import { deadLettersFor, type Letter } from './every-service.server.ts'
import { authorNames, namesOf } from './names.server.ts'
import { PageHead, Panel, press, Told } from './parts.tsx'
import { isAdmin, isOperator } from './rights.ts'
import { SagaDrawing } from './saga-drawing.tsx'
import { act } from './sale-acts.server.ts'
import { Acts } from './sale-acts.tsx'
import { History } from './sale-history.tsx'
import { Money } from './sale-money.tsx'
import { reasonName, Standing } from './standing.tsx'

export async function loader(args: LoaderFunctionArgs) {
  const person = await expectStaff(args)
  const transaction_id = args.params.id ?? ''
  const client = api(args)
  // the history first: the saga is then as far as it, or further
  const { history } = expected(await client.getSagaStateHistory({ path: { transaction_id } }))
  const saga = expected(await client.getSagaState({ path: { transaction_id } }))
  const purchase_id = saga.context.purchase_id ?? transaction_id
  const moneyIsHidden = !isOperator(person)
  const [names, nameOf, letters, codes, payments, owed] = await Promise.all([
    namesOf(client, [saga.customer_id]),
    authorNames(client),
    moneyIsHidden || saga.status === 'COMPLETED' ? [] : deadLettersFor(client),
    moneyIsHidden ? undefined : client.listPaymentCodes({ query: { transaction_id: purchase_id } }).then(orHidden),
    moneyIsHidden ? undefined : client.listPayments({ query: { transaction_id: purchase_id } }).then(orHidden),
    moneyIsHidden ? undefined : client.listOwedItems({ query: { transaction_id: purchase_id } }).then(orHidden),
  ])
  return {
    saga,
    letters: letters.filter(({ message }) => message.transaction_id === transaction_id),
    history: signed(history, nameOf),
    by: saga.context.began_by && nameOf(saga.context.began_by),
    chart: chartOf(history, saga),
    customer: names[saga.customer_id] ?? office.unknownCustomer(saga.customer_id),
    money: codes && payments && owed ? { codes, payments, owed: owed.owed_items } : undefined,
    rights: { admin: isAdmin(person), operator: isOperator(person) },
    now: Date.now(),
  }
}

export const clientLoader = lastSeen<ReturnType<typeof loader>>()

export async function action(args: ActionFunctionArgs) {
  await expectStaff(args)
  const transaction_id = args.params.id ?? ''
  const refused = await act(api(args), transaction_id, await args.request.formData())
  if (refused === undefined) throw redirect(`/painel/vendas/${transaction_id}`, 303)
  return data({ fault: texts.faults[refused] ?? texts.faults.other }, { status: 409 })
}

export const meta: MetaFunction<typeof loader> = ({ loaderData }) => [
  { title: loaderData ? texts.title(shortName(loaderData.saga.transaction_id)) : office.title },
  { name: 'robots', content: 'noindex' },
]

export default function Sale() {
  const { saga, chart, customer, money, history, letters, rights, now } = useLoaderData<typeof loader>()
  const fault = useActionData<typeof action>()?.fault
  const { transaction_id, kind, context } = saga
  const short = shortName(transaction_id)
  useLive(`/painel/vendas/${transaction_id}/eventos`, !isOver(saga))
  return (
    <>
      {!isOver(saga) && (
        <noscript>
          <meta httpEquiv="refresh" content="8" />
        </noscript>
      )}
      <PageHead
        crumbs={[['/painel/vendas', office.menu.sales]]}
        title={
          <>
            {kind === 'return' ? texts.titleReturn(short) : texts.title(short)}
            <span role="status" className="text-sm">
              <Standing saga={saga} />
            </span>
          </>
        }
        about={
          <>
            {context.vehicle_brand} {context.vehicle_model} {context.vehicle_year} {texts.to}{' '}
            <Link to={`/painel/clientes/${saga.customer_id}`} className="font-semibold text-accent hover:underline">
              {customer}
            </Link>
          </>
        }
      >
        {saga.payment_type === 'counter' && kind === 'purchase' && (
          <Link to={`/painel/balcao/${transaction_id}`} className={press()}>
            {counter.title}
          </Link>
        )}
        {kind === 'purchase' && saga.status === 'COMPLETED' && (
          <Link to={`/painel/vendas/${transaction_id}/contrato`} className={press()}>
            {contract.open}
          </Link>
        )}
      </PageHead>
      {fault && <Told tone="bad">{fault}</Told>}
      <div className="grid gap-5">
        <Panel
          title={kind === 'return' ? texts.stepReturn : texts.step}
          end={<span className="text-xs text-muted">{texts.drawn(chart.name, chart.version)}</span>}
        >
          <SagaDrawing chart={chart} />
        </Panel>
        <div className="grid grid-cols-[minmax(0,1fr)] gap-5 xl:grid-cols-[minmax(0,1fr)_372px] xl:items-start">
          <div className="grid min-w-0 gap-5">
            <Letters letters={letters} now={now} />
            <History history={history} />
            {money && <Money money={money} />}
          </div>
          <div className="grid gap-5 md:max-xl:grid-cols-2 md:max-xl:items-start">
            <Acts saga={saga} rights={rights} />
            <Facts />
          </div>
        </div>
      </div>
    </>
  )
}

/** Messages of this purchase that nobody could handle; they are decided about in the operation. */
function Letters({ letters, now }: { readonly letters: readonly Letter[]; readonly now: number }) {
  if (letters.length === 0) return null
  return (
    <Panel title={operation.dead} flush>
      <ul>
        {letters.map(({ service, id, reason, parked_at, message }) => (
          <li key={`${service}${id}`} className="border-b border-line px-4 py-2 last:border-0">
            <Link to="/painel/operacao" className="font-[550] text-accent underline underline-offset-2">
              {message.type}
            </Link>
            <span className="block text-xs text-muted">
              {operation.names[service] ?? service} · {office.ago(parked_at, now)} · <span lang="en">{reason}</span>
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function Facts() {
  const { saga, by } = useLoaderData<typeof loader>()
  const { context, transaction_id, vehicle_id, payment_type, amount, created_at } = saga
  const names = texts.factNames
  const facts: readonly (readonly [string, React.ReactNode])[] = [
    [
      names.vehicle,
      <Link key="v" to={`/painel/estoque/${vehicle_id}`} className="text-accent hover:underline">
        {context.vehicle_brand} {context.vehicle_model}
      </Link>,
    ],
    [names.amount, exactMoney(amount)],
    [names.way, office.ways[payment_type]],
    [names.channel, context.channel && office.channels[context.channel]],
    [names.began, dayAndHour(created_at)],
    [names.by, by],
    [names.until, context.receive_until && dayAndHour(context.receive_until)],
    [names.reason, context.cancellation_reason ?? (context.failure_reason && reasonName(context.failure_reason))],
    [
      names.purchase,
      context.purchase_id && (
        <Link key="p" to={`/painel/vendas/${context.purchase_id}`} className="text-accent hover:underline">
          {texts.title(shortName(context.purchase_id))}
        </Link>
      ),
    ],
    [
      names.id,
      <code key="i" className="text-xs break-all">
        {transaction_id}
      </code>,
    ],
  ]
  return (
    <Panel title={texts.facts}>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5">
        {facts
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="text-muted">{name}</dt>
              <dd className="min-w-0 text-right">{value}</dd>
            </div>
          ))}
      </dl>
    </Panel>
  )
}
