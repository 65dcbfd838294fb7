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
import type { StepTime } from '../../clients/typescript/operations.ts'
import { expected, orElse, orHidden } from '../answers.server.ts'
import { api } from '../api.server.ts'
import { took } from '../formats.ts'
import { expectStaff } from '../session.server.ts'
import { office } from '../texts/office.pt-br.ts'
import { operation as texts } from '../texts/office-operation.pt-br.ts'
import { records } from '../texts/office-records.pt-br.ts'
import { settingsOf } from '../visit.server.ts'
import { Approvals } from './approvals.tsx'
import { Backup } from './backup.tsx'
import { DeadLetters } from './dead-letters.tsx'
import { approvalsFor, deadLettersFor } from './every-service.server.ts'
import { healthOf } from './health.server.ts'
import { Late, Owed, Unmatched } from './loose-ends.tsx'
import { namesOf } from './names.server.ts'
import { act } from './operation-acts.server.ts'
import type { OperationData } from './operation-data.ts'
import { Nothing, PageHead, Panel, press, State, Told } from './parts.tsx'
import { type Queue, queuesOf } from './queues.server.ts'
import { isAdmin, isOperator } from './rights.ts'
import { stepName } from './standing.tsx'
import { Toast } from './toast.tsx'
import { useFresh } from './use-fresh.ts'

export async function loader(args: LoaderFunctionArgs): Promise<OperationData> {
  const person = await expectStaff(args)
  if (!isOperator(person)) throw new Response(null, { status: 404 })
  const client = api(args)
  const [services, deadLetters, approvals, late, unmatched, owed, queues, backup, times] = await Promise.all([
    healthOf(settingsOf(args.context).addressOf),
    deadLettersFor(client),
    isAdmin(person) ? approvalsFor(client) : [],
    client.getSagaStatesOverdue({ query: { limit: 20 } }).then(orHidden),
    client.listUnmatchedPayments({ query: { status: 'parked', limit: 20 } }).then(expected),
    client.listOwedItems({ query: { status: 'open', limit: 20 } }).then(expected),
    isAdmin(person) ? queuesOf(client) : undefined,
    isAdmin(person) ? orElse(client.getLastBackup({}), undefined) : undefined,
    orElse(client.listStepTimes({}), undefined),
  ])
  return {
    services,
    deadLetters,
    approvals,
    late: late?.overdue ?? [],
    unmatched: unmatched.unmatched_payments,
    owed: owed.owed_items,
    names: await namesOf(
      client,
      owed.owed_items.map(({ customer_id }) => customer_id),
    ),
    queues,
    steps: times?.ok ? inOrder(times.data.steps) : [],
    backup: backup?.ok ? backup.data : undefined,
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
  useFresh(LOOK_EVERY_MS)
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
      {!fault && texts.done[done] && <Toast key={done}>{texts.done[done]}</Toast>}
      <div className="grid gap-5">
        {admin && <Approvals />}
        <DeadLetters />
        <div className="grid grid-cols-[minmax(0,1fr)] gap-5 xl:grid-cols-2 xl:items-start">
          <div className="grid min-w-0 gap-5">
            <Services />
            <Backup />
            <Late />
          </div>
          <div className="grid min-w-0 gap-5">
            <Unmatched />
            <Owed />
            <StepTimes />
          </div>
        </div>
      </div>
    </>
  )
}

/** As a purchase goes through them, undos after; those of a cancellation beside their own kind. */
const inOrder = (steps: readonly StepTime[]): readonly StepTime[] => {
  const places = Object.keys(office.steps)
  const placeOf = ({ step }: StepTime) => places.indexOf(step.replace(CANCELLATION, ''))
  return [...steps].sort((one, other) => placeOf(one) - placeOf(other))
}
const CANCELLATION = 'CANCELLATION_'

function StepTimes() {
  const { steps } = useLoaderData<typeof loader>()
  const words = texts.stepTimes
  return (
    <Panel title={words.title} about={words.about} flush>
      {steps.length === 0 && <Nothing>{words.none}</Nothing>}
      {steps.length > 0 && (
        <table className="w-full">
          <thead>
            <tr>
              <th>{words.step}</th>
              <th className="number">{words.median}</th>
              <th className="number">{words.most}</th>
              <th className="number max-sm:hidden">{words.times}</th>
            </tr>
          </thead>
          <tbody>
            {steps.map(({ step, median_seconds, p95_seconds, times }) => (
              <tr key={step}>
                <td>
                  {stepName(step)}
                  {step.startsWith(CANCELLATION) && <span className="text-muted"> · {words.cancelling}</span>}
                </td>
                <td className="number">{took(median_seconds * 1_000)}</td>
                <td className="number">{took(p95_seconds * 1_000)}</td>
                <td className="number text-muted max-sm:hidden">{times}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  )
}

/** Milliseconds between two looks. */
const LOOK_EVERY_MS = 10_000
/** A message that waits for longer than this is shown as a problem. */
const SLOW_SECONDS = 30

const ageOf = ({ waiting, oldestSeconds }: Queue): string => (waiting === 0 ? '–' : took(oldestSeconds * 1_000))
const ageLook = (queue: Queue | undefined): string =>
  queue && queue.oldestSeconds > SLOW_SECONDS ? 'font-semibold text-red' : 'text-muted'

const STATES = { up: ['done', texts.up], not_ready: ['waits', texts.notReady], down: ['needs', texts.down] } as const

function Services() {
  const { services, queues } = useLoaderData<typeof loader>()
  const words = texts.columns
  return (
    <Panel title={texts.services} flush>
      <table className="w-full">
        <thead>
          <tr>
            <th>{words.service}</th>
            <th>{words.state}</th>
            <th className="number">{words.answer}</th>
            {queues && <th className="number max-sm:hidden">{words.outbox}</th>}
            {queues && <th className="number max-sm:hidden">{words.oldest}</th>}
          </tr>
        </thead>
        <tbody>
          {services.map(({ name, state, ms, version }) => {
            const [shape, word] = STATES[state]
            const queue = queues?.[name]
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
                {queues && <td className="number max-sm:hidden">{queue?.waiting}</td>}
                {queues && <td className={`number max-sm:hidden ${ageLook(queue)}`}>{queue && ageOf(queue)}</td>}
              </tr>
            )
          })}
        </tbody>
      </table>
    </Panel>
  )
}
