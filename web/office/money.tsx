/** The shop's money: received today, promised, owed on either side; and the closing of days and months. */
import { randomUUID } from 'node:crypto'
import {
  type ActionFunctionArgs,
  data,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
  useActionData,
  useLoaderData,
} from 'react-router'
import { expected } from '../answers.server.ts'
import { api } from '../api.server.ts'
import { isoDay } from '../formats.ts'
import { expectStaff } from '../session.server.ts'
import { money as texts } from '../texts/office-money.pt-br.ts'
import { Closings } from './closings.tsx'
import { Owed, Unmatched } from './loose-ends.tsx'
import { act } from './money-acts.server.ts'
import type { MoneyData } from './money-data.ts'
import { Came, Debts, Promised } from './money-panels.tsx'
import { authorNames, namesOf } from './names.server.ts'
import { PageHead, Told } from './parts.tsx'
import { isAdmin, isOperator } from './rights.ts'
import { Toast } from './toast.tsx'

const MOST = 100

export async function loader(args: LoaderFunctionArgs): Promise<MoneyData> {
  const person = await expectStaff(args)
  if (!isOperator(person)) throw new Response(null, { status: 404 })
  const client = api(args)
  const now = Date.now()
  const today = isoDay(new Date(now))
  const [came, promised, debts, unmatched, owed, closings, nameOf] = await Promise.all([
    client.listPayments({ query: { came_on: today, limit: MOST } }).then(expected),
    client.listPayments({ query: { state: 'promised', limit: MOST } }).then(expected),
    client.listPaymentDebts({ query: { status: 'open', limit: 50 } }).then(expected),
    client.listUnmatchedPayments({ query: { status: 'parked', limit: 20 } }).then(expected),
    client.listOwedItems({ query: { status: 'open', limit: 20 } }).then(expected),
    client.listClosings({ query: { limit: 31 } }).then(expected),
    authorNames(client),
  ])
  return {
    came,
    promised,
    debts: debts.debts,
    unmatched: unmatched.unmatched_payments,
    owed: owed.owed_items,
    names: await namesOf(
      client,
      owed.owed_items.map(({ customer_id }) => customer_id),
    ),
    closings: closings.closings.map((one) => ({ ...one, closed_by: nameOf(one.closed_by) })),
    admin: isAdmin(person),
    today,
    key: randomUUID(),
    now,
    done: new URL(args.request.url).searchParams.get('feito') ?? '',
  }
}

export async function action(args: ActionFunctionArgs) {
  await expectStaff(args)
  const outcome = await act(api(args), await args.request.formData())
  if (outcome.done) throw redirect(`/painel/dinheiro?feito=${outcome.done}`, 303)
  return data({ fault: texts.faults[outcome.refused ?? 'other'] ?? texts.faults.other }, { status: 409 })
}

export const meta: MetaFunction = () => [{ title: texts.title }, { name: 'robots', content: 'noindex' }]

export default function MoneyPage() {
  const { done } = useLoaderData<typeof loader>()
  const fault = useActionData<typeof action>()?.fault
  return (
    <>
      <PageHead title={texts.title} about={texts.about} />
      {fault && <Told tone="bad">{fault}</Told>}
      {!fault && texts.done[done] && <Toast key={done}>{texts.done[done]}</Toast>}
      <div className="grid grid-cols-[minmax(0,1fr)] gap-5 xl:grid-cols-2 xl:items-start">
        <div className="grid min-w-0 gap-5">
          <Promised />
          <Debts />
          <Owed />
          <Unmatched />
        </div>
        <div className="grid min-w-0 gap-5">
          <Came />
          <Closings />
        </div>
      </div>
    </>
  )
}
