/** Webhooks to other companies' systems: their subscriptions and deliveries, and a button to send one again. */
import {
  type ActionFunctionArgs,
  data,
  Form,
  Link,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
  useActionData,
  useLoaderData,
} from 'react-router'
import type { WebhookDelivery } from '../../clients/typescript/operations.ts'
import { expected } from '../answers.server.ts'
import { api } from '../api.server.ts'
import { dayAndHour } from '../formats.ts'
import { expectStaff } from '../session.server.ts'
import { shortName } from '../store/purchase-story.ts'
import { office } from '../texts/office.pt-br.ts'
import { webhooks as texts } from '../texts/office-team.pt-br.ts'
import { Act } from './act.tsx'
import { Entry } from './fields.tsx'
import { Nothing, PageHead, Panel, press, State, Told } from './parts.tsx'
import { isAdmin } from './rights.ts'
import { Toast } from './toast.tsx'
import { act } from './webhook-acts.server.ts'

export async function loader(args: LoaderFunctionArgs) {
  const person = await expectStaff(args)
  if (!isAdmin(person)) throw new Response(null, { status: 404 })
  const { searchParams } = new URL(args.request.url)
  const client = api(args)
  const { subscriptions } = expected(await client.listWebhookSubscriptions({ query: { limit: 100 } }))
  const chosen = subscriptions.find(({ id }) => String(id) === searchParams.get('numero')) ?? subscriptions[0]
  const deliveries = chosen
    ? expected(await client.listWebhookSubscriptionDeliveries({ path: { id: chosen.id }, query: { limit: 50 } }))
        .deliveries
    : []
  return { subscriptions, chosen, deliveries, done: searchParams.get('feito') ?? '' }
}

export async function action(args: ActionFunctionArgs) {
  await expectStaff(args)
  const outcome = await act(api(args), await args.request.formData())
  if (outcome.secret) return data(outcome, { headers: { 'cache-control': 'no-store' } })
  if (outcome.done) throw redirect(`/painel/integracoes?feito=${outcome.done}&numero=${outcome.id ?? ''}`, 303)
  return data(outcome, { status: 409 })
}

export const meta: MetaFunction = () => [{ title: texts.title }, { name: 'robots', content: 'noindex' }]

export default function Webhooks() {
  const { done, subscriptions } = useLoaderData<typeof loader>()
  const outcome = useActionData<typeof action>()
  const fault = outcome?.refused && (texts.faults[outcome.refused] ?? texts.faults.other)
  return (
    <>
      <PageHead crumbs={[['/painel/operacao', office.menu.operation]]} title={texts.title} about={texts.about} />
      {fault && <Told tone="bad">{fault}</Told>}
      {outcome?.secret && (
        <Told tone="good">
          {texts.secret} <code className="font-semibold break-all">{outcome.secret}</code>
        </Told>
      )}
      {!outcome && texts.done[done] && <Toast key={done}>{texts.done[done]}</Toast>}
      <div className="grid grid-cols-[minmax(0,1fr)] gap-5 xl:grid-cols-[minmax(0,1fr)_332px] xl:items-start">
        <div className="grid min-w-0 gap-5">
          <Subscriptions />
          <Deliveries />
        </div>
        <Panel key={subscriptions.length} flush>
          <Act act="criar" kind="main" words={texts.create}>
            <Entry
              name="endereco"
              type="url"
              label={texts.create.url}
              hint={texts.create.urlHint}
              required
              autoComplete="off"
            />
            <Entry name="nota" label={texts.create.description} maxLength={200} autoComplete="off" />
          </Act>
        </Panel>
      </div>
    </>
  )
}

function Subscriptions() {
  const { subscriptions, chosen } = useLoaderData<typeof loader>()
  return (
    <Panel title={texts.subscriptions} flush>
      {subscriptions.length === 0 && <Nothing>{texts.none}</Nothing>}
      <ul>
        {subscriptions.map(({ id, url, description, status, created_at }) => (
          <li
            key={id}
            className="grid gap-x-4 gap-y-1.5 border-b border-line px-4 py-2.5 last:border-0 sm:grid-cols-[minmax(0,1fr)_auto] sm:items-center"
          >
            <Link to={`?numero=${id}`} aria-current={id === chosen?.id} className="min-w-0 hover:underline">
              <b className="block font-semibold break-all">{url}</b>
              <span className="text-xs text-muted">
                {[description, texts.since(dayAndHour(created_at))].filter(Boolean).join(' · ')}
              </span>
            </Link>
            <Form method="post" className="flex flex-wrap items-center gap-2">
              <input type="hidden" name="id" value={id} />
              <State name={status === 'active' ? 'done' : 'ended'}>{texts.states[status]}</State>
              {status === 'disabled' && (
                <button type="submit" name="ato" value="ligar" className={press()}>
                  {texts.enable}
                </button>
              )}
            </Form>
            <Ends id={id} url={url} />
          </li>
        ))}
      </ul>
    </Panel>
  )
}

/** What cannot be undone: each with what it does, and to whom, before its button. */
function Ends({ id, url }: { readonly id: number; readonly url: string }) {
  const ends = [
    ['trocar', texts.rotate, texts.rotateEffect(url)],
    ['apagar', texts.remove, texts.removeEffect(url)],
  ] as const
  return (
    <div className="flex flex-wrap gap-x-4 sm:col-span-2">
      {ends.map(([act, name, effect]) => (
        <details key={act}>
          <summary className="inline-flex min-h-6 items-center text-muted hover:underline">{name}…</summary>
          <Form method="post" className="my-1 grid max-w-lg gap-2">
            <input type="hidden" name="id" value={id} />
            <p className="break-words">{effect}</p>
            <button type="submit" name="ato" value={act} className={press('danger')}>
              {name}
            </button>
          </Form>
        </details>
      ))}
    </div>
  )
}

const DELIVERY = { delivered: 'done', pending: 'going', failed: 'needs' } as const

function Deliveries() {
  const { deliveries, chosen } = useLoaderData<typeof loader>()
  if (!chosen) return null
  return (
    <Panel title={texts.deliveries} about={chosen.url} flush>
      {deliveries.length === 0 && <Nothing>{texts.noDeliveries}</Nothing>}
      <ul>
        {deliveries.map((one) => (
          <li
            key={one.id}
            className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 border-b border-line px-4 py-2 last:border-0"
          >
            <span className="min-w-0">
              <b className="font-[550]">{texts.events[one.type] ?? one.type}</b> ·{' '}
              <Link to={`/painel/vendas/${one.transaction_id}`} className="text-accent underline underline-offset-2">
                {shortName(one.transaction_id)}
              </Link>
              <span className="block text-xs text-muted">
                {[dayAndHour(one.created_at), texts.attempts(one.attempts), answerOf(one)].filter(Boolean).join(' · ')}
              </span>
            </span>
            <Form method="post" className="flex items-center gap-2">
              <input type="hidden" name="id" value={one.id} />
              <input type="hidden" name="numero" value={chosen.id} />
              <State name={DELIVERY[one.status]}>{texts.deliveryStates[one.status]}</State>
              {one.status !== 'pending' && (
                <button type="submit" name="ato" value="repetir" className={press()}>
                  {texts.again}
                </button>
              )}
            </Form>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

const answerOf = ({ last_status_code, last_error }: WebhookDelivery): string =>
  last_status_code ? texts.answered(last_status_code) : (last_error ?? '')
