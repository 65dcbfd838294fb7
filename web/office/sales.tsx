/** All purchases and returns, newest first; the search is in the address. */
import { Link, type LoaderFunctionArgs, type MetaFunction, useLoaderData } from 'react-router'
import { idTyped } from '#platform/typed-numbers'
import type { Saga } from '../../clients/typescript/operations.ts'
import { expected } from '../answers.server.ts'
import { api } from '../api.server.ts'
import { amount, dayAndHour } from '../formats.ts'
import { expectStaff } from '../session.server.ts'
import { shortName } from '../store/purchase-story.ts'
import { office, sales as texts } from '../texts/office.pt-br.ts'
import { counter } from '../texts/office-counter.pt-br.ts'
import { namesOf } from './names.server.ts'
import { Nothing, Older, PageHead, Panel, press } from './parts.tsx'
import { Standing, stepName } from './standing.tsx'

const PAGE = 50
const STATES = [
  'IN_PROGRESS',
  'FAILED_REQUIRES_MANUAL_INTERVENTION',
  'COMPLETED',
  'COMPENSATING',
  'FAILED_COMPENSATED',
  'FAILED',
  'CANCELLED',
] as const satisfies readonly Saga['status'][]

const KINDS = ['purchase', 'return'] as const

export async function loader(args: LoaderFunctionArgs) {
  await expectStaff(args)
  const { searchParams } = new URL(args.request.url)
  const status = STATES.find((one) => one === searchParams.get('estado'))
  const kind = KINDS.find((one) => one === searchParams.get('tipo')) ?? 'purchase'
  const customer_id = idTyped(searchParams.get('cliente')) || undefined
  const vehicle_id = idTyped(searchParams.get('carro')) || undefined
  const cursor = searchParams.get('apos') ?? undefined
  const client = api(args)
  const asked = {
    ...{ kind, limit: PAGE },
    ...(status && { status }),
    ...(customer_id && { customer_id }),
    ...(vehicle_id && { vehicle_id }),
    ...(cursor && { cursor }),
  }
  const { sagas, total, next_cursor } = expected(await client.listSagaStates({ query: asked }))
  const names = await namesOf(
    client,
    sagas.map(({ customer_id: id }) => id),
  )
  searchParams.delete('apos')
  const search = searchParams.toString()
  const older = next_cursor ? `?${new URLSearchParams([...searchParams, ['apos', next_cursor]])}` : null
  return { sagas, total, names, kind, status, search, older }
}

export const meta: MetaFunction = () => [{ title: texts.title }, { name: 'robots', content: 'noindex' }]

export default function Sales() {
  const { sagas, total, older } = useLoaderData<typeof loader>()
  return (
    <>
      <PageHead title={texts.title} about={texts.total(total)}>
        <Link to="/painel/balcao" className={press('main')}>
          {counter.open}
        </Link>
      </PageHead>
      <Filters />
      <Panel flush>
        {sagas.length === 0 ? (
          <Nothing>
            {texts.none}{' '}
            <Link to="/painel/vendas" className="font-semibold text-accent underline underline-offset-2">
              {texts.clear}
            </Link>
          </Nothing>
        ) : (
          <Rows />
        )}
        <Older to={older} />
      </Panel>
    </>
  )
}

const CHIP =
  'inline-flex min-h-8 items-center rounded-[6px] border border-line bg-surface px-2.5 hover:border-edge aria-[current=true]:border-transparent aria-[current=true]:bg-accent-tint aria-[current=true]:font-semibold aria-[current=true]:text-accent-ink'

function Filters() {
  const { kind, status, search } = useLoaderData<typeof loader>()
  const to = (name: string, value: string | undefined) => {
    const params = new URLSearchParams(search)
    if (value === undefined) params.delete(name)
    else params.set(name, value)
    return `?${params}`
  }
  return (
    <nav aria-label={texts.filter} className="mb-4 flex flex-wrap gap-2">
      {KINDS.map((one) => (
        <Link
          key={one}
          to={to('tipo', one === 'purchase' ? undefined : one)}
          aria-current={kind === one}
          className={CHIP}
        >
          {texts.kinds[one]}
        </Link>
      ))}
      <span aria-hidden="true" className="mx-1 w-px self-stretch bg-line" />
      <Link to={to('estado', undefined)} aria-current={status === undefined} className={CHIP}>
        {texts.all}
      </Link>
      {STATES.map((one) => (
        <Link key={one} to={to('estado', one)} aria-current={status === one} className={CHIP}>
          {office.states[one][1]}
        </Link>
      ))}
    </nav>
  )
}

function Rows() {
  const { sagas, names } = useLoaderData<typeof loader>()
  const words = texts.columns
  return (
    <table className="w-full">
      <thead>
        <tr>
          <th>{words.car}</th>
          <th>{words.buyer}</th>
          <th>{words.state}</th>
          <th className="max-lg:hidden">{words.step}</th>
          <th className="max-md:hidden">{words.way}</th>
          <th className="number">{words.amount}</th>
          <th className="number max-md:hidden">{words.began}</th>
        </tr>
      </thead>
      <tbody>
        {sagas.map((saga) => (
          <tr key={saga.transaction_id}>
            <td>
              <Link to={`/painel/vendas/${saga.transaction_id}`} className="block font-semibold hover:underline">
                {saga.context.vehicle_brand} {saga.context.vehicle_model}
              </Link>
              <span className="text-xs text-muted">
                {shortName(saga.transaction_id)} · {saga.context.vehicle_year}
              </span>
            </td>
            <td>
              <Link to={`/painel/clientes/${saga.customer_id}`} className="hover:underline">
                {names[saga.customer_id] ?? office.unknownCustomer(saga.customer_id)}
              </Link>
            </td>
            <td>
              <Standing saga={saga} />
            </td>
            <td className="text-muted max-lg:hidden">{stepName(saga.current_step)}</td>
            <td className="max-md:hidden">
              {office.ways[saga.payment_type]}
              <span className="block text-xs text-muted">{office.channels[saga.context.channel ?? 'online']}</span>
            </td>
            <td className="number">{amount(saga.amount)}</td>
            <td className="number text-muted max-md:hidden">{dayAndHour(saga.created_at)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
