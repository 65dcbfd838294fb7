/** A live purchase: its finished and next steps, the buyer's next act, and its ending. */
import { Link, type LoaderFunctionArgs, type MetaFunction, useLoaderData, useRouteLoaderData } from 'react-router'
import type { Saga, Vehicle } from '../../clients/typescript/operations.ts'
import { expected, orElse } from '../answers.server.ts'
import { api } from '../api.server.ts'
import { dayAndHour, exactMoney, hour } from '../formats.ts'
import type { RootData } from '../root-data.ts'
import { expectCustomer } from '../session.server.ts'
import { contract } from '../texts/contract.pt-br.ts'
import { purchase as texts } from '../texts/purchase.pt-br.ts'
import { LinkButton } from '../ui/button.tsx'
import { Price } from '../ui/price.tsx'
import { Note, Tag, type Tone } from '../ui/tag.tsx'
import { settingsOf } from '../visit.server.ts'
import { PickupCard } from './pickup-card.tsx'
import { Picture } from './picture.tsx'
import { PixCard } from './pix-card.tsx'
import { canCancel, type Ending, endingOf, isOver, type PurchaseStep, shortName, stepsOf } from './purchase-story.ts'
import { Timeline, type ToldStep } from './timeline.tsx'
import { lastSeen, useLive } from './use-live.ts'
import { nameOf } from './vehicle-facts.ts'
import { withdrawalOf } from './withdrawal.ts'
import { WithdrawalCard } from './withdrawal-card.tsx'

export async function loader(args: LoaderFunctionArgs) {
  await expectCustomer(args)
  const transaction_id = args.params.id ?? ''
  const client = api(args)
  // the history first: the saga is then as far as it, or further
  const { history } = expected(await client.getSagaStateHistory({ path: { transaction_id } }))
  const saga = expected(await client.getSagaState({ path: { transaction_id } }))
  const [found, returns] = await Promise.all([
    orElse(client.getVehicle({ path: { id: saga.vehicle_id } }), undefined),
    saga.status === 'COMPLETED' ? client.listReturns({ query: { transaction_id } }).then(expected) : undefined,
  ])
  const vehicle: Vehicle | undefined = found?.ok ? found.data : undefined
  const { shop } = settingsOf(args.context)
  return {
    saga,
    steps: told(stepsOf(history, saga.status), saga),
    vehicle,
    now: Date.now(),
    withdrawal: withdrawalOf(saga, vehicle, returns?.returns ?? [], new Date()),
    refundDays: shop.refundDays,
  }
}

export const clientLoader = lastSeen<ReturnType<typeof loader>>()

function told(steps: readonly PurchaseStep[], { payment_type, amount }: Saga): readonly ToldStep[] {
  const hasPaid = steps.some(({ step, state }) => step === 'PAYMENT_PROCESSING' && state === 'done')
  return steps.map((one) => {
    const [title, help] = texts.step(one.step, one.state, payment_type, amount, !hasPaid)
    return { ...one, title, help }
  })
}

export const meta: MetaFunction<typeof loader> = ({ loaderData }) => [
  { title: loaderData ? texts.titles[endingOf(loaderData.saga)] : texts.name('') },
  { name: 'robots', content: 'noindex' },
]

const TONES: Readonly<Record<Ending, Tone>> = {
  running: 'info',
  waiting_for_pix: 'warn',
  completed: 'good',
  undoing: 'warn',
  expired: 'warn',
  outrun: 'bad',
  refused_payment: 'bad',
  refused_credit: 'bad',
  price_changed: 'bad',
  failed: 'bad',
  cancelling: 'warn',
  cancelled: 'neutral',
  stuck: 'warn',
}

export default function Purchase() {
  const { saga, steps, vehicle, withdrawal, refundDays } = useLoaderData<typeof loader>()
  const ending = endingOf(saga)
  useLive(`/compra/${saga.transaction_id}/eventos`, !isOver(saga))
  return (
    <div className="page pt-6 pb-16 lg:pt-8">
      {!isOver(saga) && (
        <noscript>
          <meta httpEquiv="refresh" content="8" />
          <p className="mb-4 text-sm text-muted">{texts.noScripts}</p>
        </noscript>
      )}
      <Head saga={saga} ending={ending} />
      <div className="mt-6 grid gap-6 lg:grid-cols-[minmax(0,1fr)_416px] lg:items-start lg:gap-12">
        <div className="max-lg:order-2">
          <section className="panel p-5 lg:p-7">
            <h2 className="sr-only">{texts.progress}</h2>
            <Timeline steps={steps} />
          </section>
          <Receipt saga={saga} vehicle={vehicle} />
        </div>
        <aside className="max-lg:order-1">
          {ending === 'waiting_for_pix' && saga.context.pix_copy_paste && <PixCard saga={saga} />}
          {ending === 'completed' && withdrawal.state !== 'returned' && <PickupCard saga={saga} />}
          <WithdrawalCard transaction_id={saga.transaction_id} withdrawal={withdrawal} />
          <WhatNow saga={saga} ending={ending} vehicle={vehicle} refundDays={refundDays} />
        </aside>
      </div>
    </div>
  )
}

function Head({ saga, ending }: { readonly saga: Saga; readonly ending: Ending }) {
  const shop = (useRouteLoaderData('root') as RootData | undefined)?.shop
  const intros = texts.intros
  const intro =
    ending === 'waiting_for_pix'
      ? intros.waiting_for_pix(hour(saga.context.expires_at ?? saga.updated_at))
      : ending === 'completed'
        ? intros.completed(shop?.pickupDays ?? 1)
        : intros[ending]()
  return (
    <div>
      <p className="mb-2 flex flex-wrap items-center gap-3 text-sm text-muted">
        {texts.name(shortName(saga.transaction_id))}
        <Tag tone={TONES[ending]}>{texts.tags[ending]}</Tag>
      </p>
      <div role="status">
        <h1>{texts.titles[ending]}</h1>
        <p className="mt-2 max-w-[80ch] text-muted">{intro}</p>
      </div>
    </div>
  )
}

function Receipt({ saga, vehicle }: { readonly saga: Saga; readonly vehicle: Vehicle | undefined }) {
  const { context, payment_type, amount, created_at, transaction_id } = saga
  const bought = { brand: context.vehicle_brand, model: context.vehicle_model }
  return (
    <section className="panel mt-6 p-5 lg:p-7">
      <h2 className="text-xl lg:text-[22px]">{texts.receipt.title}</h2>
      <div className="mt-4 flex items-center gap-4 border-b border-line pb-4">
        <div className="w-28 flex-none overflow-hidden rounded-control">
          <Picture vehicle={vehicle ?? bought} sizes="112px" />
        </div>
        <p>
          <b className="font-[650]">{nameOf(bought)}</b>
          <br />
          <span className="text-sm text-muted">
            {context.vehicle_model} · {context.vehicle_year}
          </span>
        </p>
      </div>
      <dl className="grid grid-cols-[1fr_auto] gap-x-4 gap-y-3 py-4 text-[15px]">
        <dt>{texts.receipt.started}</dt>
        <dd className="text-right">{dayAndHour(created_at)}</dd>
        <dt>{texts.receipt.way}</dt>
        <dd className="text-right">{texts.receipt.ways[payment_type]}</dd>
        <dt className="font-semibold">{texts.receipt.total}</dt>
        <dd className="text-right font-semibold tabular-nums">{exactMoney(amount)}</dd>
      </dl>
      {saga.status === 'COMPLETED' && (
        <LinkButton to={`/compra/${transaction_id}/contrato`} kind="plain" size="small">
          {contract.open}
        </LinkButton>
      )}
      {canCancel(saga) && (
        <div className="flex flex-wrap items-center justify-between gap-3 border-t border-line pt-4">
          <p className="max-w-[40ch] text-sm text-muted">{texts.cancel.help[payment_type]}</p>
          <LinkButton to={`/compra/${transaction_id}/cancelar`} kind="danger" size="small">
            {texts.cancel.button}
          </LinkButton>
        </div>
      )}
    </section>
  )
}

/** The buyer's possible next acts once the purchase is over. */
function WhatNow({
  saga,
  ending,
  vehicle,
  refundDays,
}: {
  readonly saga: Saga
  readonly ending: Ending
  readonly vehicle: Vehicle | undefined
  readonly refundDays: number
}) {
  if (!isOver(saga) || ending === 'completed') return null
  const isThere = vehicle?.status === 'available'
  return (
    <section className="panel grid gap-4 p-5 lg:p-7">
      {ending === 'expired' && (
        <Note tone="warn" icon="clock">
          {texts.late(refundDays === 1 ? '1 dia útil' : `${refundDays} dias úteis`)}
        </Note>
      )}
      <p className="font-[650]">
        {saga.context.vehicle_brand} {saga.context.vehicle_model}
      </p>
      <Price reais={saga.amount} className="text-[28px]" />
      {isThere && (
        <LinkButton to={`/comprar/${saga.vehicle_id}?forma=${saga.payment_type}`} wide>
          {texts.again.expired}
        </LinkButton>
      )}
      <LinkButton to="/carros" kind={isThere ? 'plain' : 'main'} wide>
        {texts.again.all}
      </LinkButton>
      {isThere && (
        <Link to={`/carros/${saga.vehicle_id}`} className="text-center font-semibold text-accent hover:underline">
          {texts.again.same}
        </Link>
      )}
    </section>
  )
}
