/** A live return: where the car and the money are, where to bring the car, and a button to keep it after all. */
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
  useNavigation,
} from 'react-router'
import { expected, orElse } from '../answers.server.ts'
import { api } from '../api.server.ts'
import { dayAndHour, exactMoney } from '../formats.ts'
import { expectCustomer } from '../session.server.ts'
import { purchase } from '../texts/purchase.pt-br.ts'
import { giveBack as texts } from '../texts/return.pt-br.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Note, Tag, type Tone } from '../ui/tag.tsx'
import { settingsOf } from '../visit.server.ts'
import { Picture } from './picture.tsx'
import { isOver, shortName } from './purchase-story.ts'
import { canCallOff, type ReturnEnding, returnEndingOf, returnStepsOf } from './return-story.ts'
import { Timeline } from './timeline.tsx'
import { lastSeen, useLive } from './use-live.ts'
import { type Described, nameOf } from './vehicle-facts.ts'

export async function loader(args: LoaderFunctionArgs) {
  await expectCustomer(args)
  const transaction_id = args.params.id ?? ''
  const client = api(args)
  // the history first: the saga is then as far as it, or further
  const { history } = expected(await client.getSagaStateHistory({ path: { transaction_id } }))
  const saga = expected(await client.getSagaState({ path: { transaction_id } }))
  if (saga.kind !== 'return') throw redirect(`/compra/${transaction_id}`)
  const steps = returnStepsOf(history, saga).map((one) => {
    const [title, help] = texts.step(one.step, one.state, saga.payment_type, saga.amount)
    return { ...one, title, help }
  })
  const found = await orElse(client.getVehicle({ path: { id: saga.vehicle_id } }), undefined)
  const { vehicle_brand: brand, vehicle_model: model } = saga.context
  const vehicle: Described = found?.ok ? found.data : { brand, model }
  return { saga, steps, vehicle, shop: settingsOf(args.context).shop }
}

export const clientLoader = lastSeen<ReturnType<typeof loader>>()

/** The buyer keeps the car. */
export async function action(args: ActionFunctionArgs) {
  await expectCustomer(args)
  const return_id = args.params.id ?? ''
  const answer = await api(args).cancelReturn({ path: { return_id }, body: {} })
  const isUnderWay =
    !answer.ok && (answer.problem.name === 'already_cancelling' || answer.problem.name === 'not_cancellable')
  if (answer.ok || isUnderWay) throw redirect(`/devolucao/${return_id}`, 303)
  if (answer.problem.name === 'too_advanced_to_cancel') return data({ fault: texts.keep.tooLate }, { status: 409 })
  throw new Response(null, { status: answer.status })
}

export const meta: MetaFunction<typeof loader> = ({ loaderData }) => [
  { title: loaderData ? texts.titles[returnEndingOf(loaderData.saga)] : texts.name('') },
  { name: 'robots', content: 'noindex' },
]

const TONES: Readonly<Record<ReturnEnding, Tone>> = {
  asked: 'info',
  waiting: 'warn',
  refunding: 'info',
  completed: 'good',
  ending: 'warn',
  called_off: 'neutral',
  late: 'warn',
  failed: 'bad',
  stuck: 'warn',
}

export default function Return() {
  const { saga, steps } = useLoaderData<typeof loader>()
  const fault = useActionData<typeof action>()?.fault
  const ending = returnEndingOf(saga)
  const { receive_until, owed = 0 } = saga.context
  useLive(`/devolucao/${saga.transaction_id}/eventos`, !isOver(saga))
  return (
    <div className="page pt-6 pb-16 lg:pt-8">
      {!isOver(saga) && (
        <noscript>
          <meta httpEquiv="refresh" content="8" />
          <p className="mb-4 text-sm text-muted">{purchase.noScripts}</p>
        </noscript>
      )}
      <p className="mb-2 flex flex-wrap items-center gap-3 text-sm text-muted">
        {texts.name(shortName(saga.transaction_id))}
        <Tag tone={TONES[ending]}>{texts.tags[ending]}</Tag>
      </p>
      <div role="status">
        <h1>{texts.titles[ending]}</h1>
        <p className="mt-2 max-w-[80ch] text-muted">
          {texts.intro(ending, dayAndHour(receive_until ?? saga.updated_at))}
        </p>
      </div>
      <div className="mt-6 grid gap-6 lg:grid-cols-[minmax(0,1fr)_416px] lg:items-start lg:gap-12">
        <section className="panel p-5 lg:p-7">
          <h2 className="sr-only">{texts.progress}</h2>
          <Timeline steps={steps} />
        </section>
        <aside className="grid gap-6">
          {fault && (
            <div role="alert">
              <Note tone="warn" icon="warning">
                {fault}
              </Note>
            </div>
          )}
          {owed > 0 && (
            <Note tone="warn" icon="wallet">
              {texts.owed(owed, saga.payment_type)}
            </Note>
          )}
          {ending === 'waiting' && <Where />}
          <Bought />
          {canCallOff(saga) && <Keep />}
        </aside>
      </div>
    </div>
  )
}

function Where() {
  const { saga, shop } = useLoaderData<typeof loader>()
  const words = texts.bring
  return (
    <section className="panel p-5 lg:p-6">
      <h2 className="text-xl lg:text-[22px]">{words.title}</h2>
      <ul className="mt-4 grid gap-3 text-[15px]">
        <li className="flex gap-3">
          <Icon name="pin" />
          <span>
            {shop.address}, {shop.city}
            <br />
            <span className="text-sm text-muted">{shop.hours}</span>
          </span>
        </li>
        {saga.context.receive_until && (
          <li className="flex gap-3">
            <Icon name="clock" />
            {words.until} {dayAndHour(saga.context.receive_until)}
          </li>
        )}
        <li className="flex gap-3">
          <Icon name="person" />
          {words.document}
        </li>
      </ul>
    </section>
  )
}

function Bought() {
  const { saga, vehicle } = useLoaderData<typeof loader>()
  const { context, amount, payment_type } = saga
  return (
    <section className="panel p-5 lg:p-6">
      <div className="flex items-center gap-4">
        <div className="w-24 flex-none overflow-hidden rounded-control">
          <Picture vehicle={vehicle} sizes="96px" />
        </div>
        <p className="min-w-0">
          <b className="font-[650]">{nameOf(vehicle)}</b>
          <br />
          <span className="text-sm text-muted tabular-nums">
            {exactMoney(amount)} · {purchase.receipt.ways[payment_type]}
          </span>
        </p>
      </div>
      {context.purchase_id && (
        <Link
          to={`/compra/${context.purchase_id}`}
          className="mt-3 inline-flex min-h-11 items-center font-semibold text-accent hover:underline"
        >
          {texts.purchase}
        </Link>
      )}
    </section>
  )
}

function Keep() {
  const { state } = useNavigation()
  const words = texts.keep
  return (
    <Form method="post" className="panel p-5 lg:p-6">
      <h2 className="font-sans text-base font-[650] tracking-normal lg:text-base">{words.title}</h2>
      <p className="mt-1 mb-4 text-sm text-muted">{words.help}</p>
      <Button kind="plain" size="small" wide busy={state === 'submitting' && words.busy}>
        {words.button}
      </Button>
    </Form>
  )
}
