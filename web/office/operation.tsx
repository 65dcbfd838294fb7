/**
 * The operation: whether each service answers, messages that could not be handled, late purchases, and money that waits for
 * a person.
 */
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
import { took } from '../formats.ts'
import { expectStaff } from '../session.server.ts'
import { operation as texts } from '../texts/office-operation.pt-br.ts'
import { records } from '../texts/office-records.pt-br.ts'
import { settingsOf } from '../visit.server.ts'
import { Approvals } from './approvals.tsx'
import { DeadLetters } from './dead-letters.tsx'
import { approvalsFor, deadLettersFor } from './every-service.server.ts'
import { healthOf } from './health.server.ts'
import { Late, Owed, Unmatched } from './loose-ends.tsx'
import { act } from './operation-acts.server.ts'
import type { OperationData } from './operation-data.ts'
import { PageHead, Panel, press, State, Told } from './parts.tsx'
import { isAdmin, isOperator } from './rights.ts'

export async function loader(args: LoaderFunctionArgs): Promise<OperationData> {
  const person = await expectStaff(args)
  if (!isOperator(person)) throw new Response(null, { status: 404 })
  const client = api(args)
  const [services, deadLetters, approvals, late, unmatched, owed] = await Promise.all([
    healthOf(settingsOf(args.context).addressOf),
    deadLettersFor(client),
    isAdmin(person) ? approvalsFor(client) : [],
    client.getSagaStatesOverdue({ query: { limit: 20 } }).then(orHidden),
    client.listUnmatchedPayments({ query: { status: 'parked', limit: 20 } }).then(expected),
    client.listOwedItems({ query: { status: 'open', limit: 20 } }).then(expected),
  ])
  return {
    services,
    deadLetters,
    approvals,
    late: late?.overdue ?? [],
    unmatched: unmatched.unmatched_payments,
    owed: owed.owed_items,
    admin: isAdmin(person),
    now: Date.now(),
    done: new URL(args.request.url).searchParams.get('feito') ?? '',
  }
}

export async function action(args: ActionFunctionArgs) {
  await expectStaff(args)
  const outcome = await act(api(args), await args.request.formData())
  if (outcome.done) throw redirect(`/painel/operacao?feito=${outcome.done}`, 303)
  return data({ fault: texts.faults[outcome.refused ?? 'other'] ?? texts.faults.other }, { status: 409 })
}

export const meta: MetaFunction = () => [{ title: texts.title }, { name: 'robots', content: 'noindex' }]

export default function Operation() {
  const { services, admin, done } = useLoaderData<typeof loader>()
  const fault = useActionData<typeof action>()?.fault
  const down = services.filter(({ state }) => state !== 'up').length
  return (
    <>
      <PageHead title={texts.title} about={down === 0 ? texts.well : texts.ill(down)}>
        {admin && (
          <>
            <Link to="/painel/conferencias" className={press()}>
              {texts.audits}
            </Link>
            <Link to="/painel/integracoes" className={press()}>
              {texts.webhooks}
            </Link>
            <Link to="/painel/registros" className={press()}>
              {records.title}
            </Link>
          </>
        )}
      </PageHead>
      {fault && <Told tone="bad">{fault}</Told>}
      {!fault && texts.done[done] && <Told tone="good">{texts.done[done]}</Told>}
      <div className="grid gap-5">
        {admin && <Approvals />}
        <DeadLetters />
        <div className="grid gap-5 xl:grid-cols-2 xl:items-start">
          <div className="grid min-w-0 gap-5">
            <Services />
            <Late />
          </div>
          <div className="grid min-w-0 gap-5">
            <Unmatched />
            <Owed />
          </div>
        </div>
      </div>
    </>
  )
}

const STATES = { up: ['done', texts.up], not_ready: ['waits', texts.notReady], down: ['needs', texts.down] } as const

function Services() {
  const { services } = useLoaderData<typeof loader>()
  const words = texts.columns
  return (
    <Panel title={texts.services} flush>
      <table className="w-full">
        <thead>
          <tr>
            <th>{words.service}</th>
            <th>{words.state}</th>
            <th className="number">{words.answer}</th>
          </tr>
        </thead>
        <tbody>
          {services.map(({ name, state, ms, version }) => {
            const [shape, word] = STATES[state]
            return (
              <tr key={name}>
                <td>
                  <b className="font-[550]">{texts.names[name] ?? name}</b>
                  <span className="block text-xs text-muted">
                    {name}
                    {version && ` ${version}`}
                  </span>
                </td>
                <td>
                  <State name={shape}>{word}</State>
                </td>
                <td className="number text-muted">{ms === undefined ? '' : took(ms)}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </Panel>
  )
}
