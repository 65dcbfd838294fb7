/** One customer: the masked data, the account, the purchases, and the decisions about them. */
import { randomUUID } from 'node:crypto'
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
import { idTyped } from '#platform/typed-numbers'
import { expected, orElse, orHidden } from '../answers.server.ts'
import { api } from '../api.server.ts'
import { amount, dayAndHour } from '../formats.ts'
import { expectStaff } from '../session.server.ts'
import { office } from '../texts/office.pt-br.ts'
import { customers as listTexts, customer as texts } from '../texts/office-people.pt-br.ts'
import { signed } from './author-names.ts'
import { Changes } from './changes.tsx'
import { AccountActs, Balance, Statement } from './customer-account.tsx'
import { act, type Outcome, unmask } from './customer-acts.server.ts'
import type { CustomerData } from './customer-data.ts'
import { Masked, Unmask } from './customer-personal.tsx'
import { Rights } from './customer-rights.tsx'
import { authorNames } from './names.server.ts'
import { Nothing, PageHead, Panel, State, Told } from './parts.tsx'
import { isOperator } from './rights.ts'
import { Standing } from './standing.tsx'
import { Toast, Undo } from './toast.tsx'

export async function loader(args: LoaderFunctionArgs): Promise<CustomerData> {
  const person = await expectStaff(args)
  const id = idTyped(args.params.id)
  const path = { id }
  const client = api(args)
  const isOffice = isOperator(person)
  const [customer, { sagas }, statement, changes, consents, erasure, nameOf] = await Promise.all([
    client.getCustomer({ path }).then(expected),
    client.listSagaStates({ query: { customer_id: id, limit: 10 } }).then(expected),
    isOffice ? client.getCustomerStatement({ path, query: { limit: 20 } }).then(orHidden) : undefined,
    isOffice ? orElse(client.getCustomerHistory({ path, query: { limit: 20 } }), undefined) : undefined,
    isOffice ? orElse(client.listCustomerConsents({ path }), undefined) : undefined,
    isOffice ? orElse(client.getCustomerErasure({ path }), undefined) : undefined,
    authorNames(client),
  ])
  return {
    customer,
    sagas,
    statement: statement && signed(statement.entries, nameOf),
    history: changes?.ok ? signed(changes.data.history, nameOf) : undefined,
    consents: consents?.ok ? consents.data.consents : undefined,
    erasure: erasure?.ok ? erasure.data : undefined,
    key: randomUUID(),
    done: new URL(args.request.url).searchParams.get('feito') ?? '',
  }
}

export async function action(args: ActionFunctionArgs) {
  await expectStaff(args)
  const id = idTyped(args.params.id)
  const form = await args.request.formData()
  if (form.get('ato') === 'ver') {
    const outcome = await unmask(api(args), id, form)
    return data(outcome, { status: outcome.fault ? 422 : 200, headers: { 'cache-control': 'no-store' } })
  }
  const outcome = await act(api(args), id, form)
  if (outcome.done) throw redirect(`/painel/clientes/${id}?feito=${outcome.done}`, 303)
  return data<Outcome>(outcome, { status: 409 })
}

export const meta: MetaFunction<typeof loader> = ({ loaderData }) => [
  { title: loaderData?.customer.name ?? office.title },
  { name: 'robots', content: 'noindex' },
]

export default function Customer() {
  const { customer, statement, history, done } = useLoaderData<typeof loader>()
  const outcome = useActionData<typeof action>() as Outcome | undefined
  const [state, word] = listTexts.state[customer.status]
  return (
    <>
      <PageHead
        crumbs={[['/painel/clientes', office.menu.customers]]}
        title={
          <>
            {customer.name}
            <span className="text-sm">
              <State name={state}>{word}</State>
            </span>
          </>
        }
        {...(customer.blocked_reason && { about: texts.unblock.because(customer.blocked_reason) })}
      />
      {outcome?.fault && <Told tone="bad">{outcome.fault}</Told>}
      {outcome?.seen && <Told tone="good">{texts.unmask.seen}</Told>}
      {!outcome && texts.done[done] && <Done done={done} />}
      <div className="grid grid-cols-[minmax(0,1fr)] gap-5 xl:grid-cols-[minmax(0,1fr)_372px] xl:items-start">
        <div className="grid min-w-0 gap-5">
          <Balance />
          <Purchases />
          {statement && <Statement entries={statement} />}
          {history && <Changes title={texts.history} none={texts.noHistory} history={history} />}
        </div>
        <div className="grid gap-5 md:max-xl:grid-cols-2 md:max-xl:items-start">
          <Masked customer={customer} seen={outcome?.seen} />
          {customer.status !== 'erased' && <Unmask />}
          {statement && customer.status !== 'erased' && <AccountActs />}
          <Rights />
        </div>
      </div>
    </>
  )
}

/** A block is lifted by its other; money in an account is corrected by another line, never undone. */
function Done({ done }: { readonly done: string }) {
  return (
    <Toast key={done} {...(done === 'blocked' && { undo: <Undo act="desbloquear" /> })}>
      {texts.done[done]}
    </Toast>
  )
}

function Purchases() {
  const { sagas, customer } = useLoaderData<typeof loader>()
  return (
    <Panel
      title={texts.purchases}
      flush
      end={
        <Link
          to={`/painel/vendas?cliente=${customer.id}`}
          className="inline-flex min-h-6 items-center font-semibold text-accent hover:underline"
        >
          {texts.allPurchases}
        </Link>
      }
    >
      {sagas.length === 0 && <Nothing>{texts.noPurchases}</Nothing>}
      <ul>
        {sagas.map((saga) => (
          <li key={saga.transaction_id} className="border-b border-line last:border-0">
            <Link
              to={`/painel/vendas/${saga.transaction_id}`}
              className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 px-4 py-2 hover:bg-hover sm:grid-cols-[minmax(0,1fr)_170px_90px]"
            >
              <span className="min-w-0">
                <b className="block truncate font-semibold">
                  {saga.context.vehicle_brand} {saga.context.vehicle_model}
                </b>
                <span className="text-xs text-muted">{dayAndHour(saga.created_at)}</span>
              </span>
              <Standing saga={saga} />
              <span className="text-right tabular-nums max-sm:hidden">{amount(saga.amount)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
