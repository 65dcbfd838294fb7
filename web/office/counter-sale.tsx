/** A sale at the counter that has begun: its parts until they come to the price, the contract, the keys. Live. */
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
import { expected, orHidden } from '../answers.server.ts'
import { api } from '../api.server.ts'
import { money } from '../formats.ts'
import { expectStaff } from '../session.server.ts'
import { listed } from '../store/photo-files.ts'
import { canCancel, isOver, shortName } from '../store/purchase-story.ts'
import { useLive } from '../store/use-live.ts'
import { nameOf } from '../store/vehicle-facts.ts'
import { office, sale } from '../texts/office.pt-br.ts'
import { counter as texts } from '../texts/office-counter.pt-br.ts'
import { vehicle as vehicleTexts } from '../texts/office-stock.pt-br.ts'
import { Act } from './act.tsx'
import { act } from './counter-acts.server.ts'
import type { CounterSaleData } from './counter-data.ts'
import { Deal } from './counter-deal.tsx'
import { PartsPanel } from './counter-money.tsx'
import { partsFor } from './counter-parts.ts'
import { type CounterStep, Rail } from './counter-rail.tsx'
import { HandOverForm } from './hand-over-form.tsx'
import { namesOf } from './names.server.ts'
import { PageHead, Panel, press, Told } from './parts.tsx'
import { isOperator } from './rights.ts'
import { Toast } from './toast.tsx'

export async function loader(args: LoaderFunctionArgs): Promise<CounterSaleData> {
  const person = await expectStaff(args)
  const transaction_id = args.params.id ?? ''
  const client = api(args)
  const saga = expected(await client.getSagaState({ path: { transaction_id } }))
  if (saga.kind !== 'purchase' || saga.payment_type !== 'counter') throw redirect(`/painel/vendas/${transaction_id}`)
  const query = { transaction_id }
  const [names, vehicle, codes, payments] = await Promise.all([
    namesOf(client, [saga.customer_id]),
    client.getVehicle({ path: { id: saga.vehicle_id } }).then(expected),
    isOperator(person) ? client.listPaymentCodes({ query }).then(orHidden) : undefined,
    isOperator(person) ? client.listPayments({ query: { ...query, limit: 100 } }).then(orHidden) : undefined,
  ])
  const code = codes?.[0]
  return {
    saga,
    name: names[saga.customer_id] ?? office.unknownCustomer(saga.customer_id),
    vehicle: { ...listed(vehicle), license_plate: vehicle.plate ?? vehicle.license_plate },
    code: code && { code: code.code, status: code.status },
    money: code && payments ? partsFor(code, payments) : undefined,
    isOperator: isOperator(person),
    key: randomUUID(),
    done: new URL(args.request.url).searchParams.get('feito') ?? '',
  }
}

export async function action(args: ActionFunctionArgs) {
  await expectStaff(args)
  const outcome = await act(api(args), await args.request.formData())
  if ('done' in outcome) throw redirect(`/painel/balcao/${args.params.id}?feito=${outcome.done}`, 303)
  return data(outcome, { status: 409 })
}

export const meta: MetaFunction<typeof loader> = ({ loaderData }) => [
  { title: loaderData ? `${texts.title} ${shortName(loaderData.saga.transaction_id)}` : texts.title },
  { name: 'robots', content: 'noindex' },
]

export default function CounterSale() {
  const { saga, name, vehicle, done, money: sums } = useLoaderData<typeof loader>()
  const fault = useActionData<typeof action>()?.fault
  const { transaction_id } = saga
  useLive(`/painel/vendas/${transaction_id}/eventos`, !isOver(saga))
  const at = stepOf(saga.status, vehicle.status)
  return (
    <>
      {!isOver(saga) && saga.current_step !== 'PAYMENT_PROCESSING' && (
        <noscript>
          <meta httpEquiv="refresh" content="3" />
        </noscript>
      )}
      <PageHead
        crumbs={[
          ['/painel/vendas', office.menu.sales],
          ['/painel/balcao', texts.title],
        ]}
        title={`${texts.title} ${shortName(transaction_id)}`}
        about={`${nameOf(vehicle)} ${vehicle.year} ${sale.to} ${name}`}
      >
        <Link to={`/painel/vendas/${transaction_id}`} className={press()}>
          {canCancel(saga) ? texts.giveUp : texts.follow}
        </Link>
      </PageHead>
      {fault && <Told tone="bad">{texts.faults[fault] ?? vehicleTexts.refused[fault] ?? texts.faults.other}</Told>}
      {!fault && done === 'asked' && <Told tone="warn">{texts.part.asked}</Told>}
      {!fault && texts.done[done] && <Toast key={done}>{texts.done[done]}</Toast>}
      <div className="grid grid-cols-[minmax(0,1fr)] gap-5 lg:grid-cols-[196px_minmax(0,1fr)] lg:items-start">
        <Rail
          at={at}
          said={{
            customer: name,
            vehicle: `${nameOf(vehicle)} ${vehicle.year}`,
            price: money(saga.amount),
            parts: sums ? (sums.due > 0 ? `${texts.due} ${money(sums.due)}` : texts.complete) : '',
          }}
        />
        <div className="grid grid-cols-[minmax(0,1fr)] gap-5 xl:grid-cols-[minmax(0,1fr)_288px] xl:items-start">
          <div className="grid min-w-0 gap-5">
            {isOver(saga) && saga.status !== 'COMPLETED' && <Told tone="warn">{texts.over}</Told>}
            <PartsPanel />
            <Papers />
          </div>
          <Deal />
        </div>
      </div>
    </>
  )
}

function stepOf(status: string, vehicle: string): CounterStep | 'done' {
  if (vehicle === 'picked_up') return 'done'
  return status === 'COMPLETED' ? 'handover' : 'parts'
}

/** The contract and the keys. Each says what it still needs. */
function Papers() {
  const { saga, vehicle } = useLoaderData<typeof loader>()
  const isSold = saga.status === 'COMPLETED'
  return (
    <>
      <Panel title={texts.steps.contract}>
        {isSold ? (
          <div className="flex flex-wrap items-center justify-between gap-3">
            <p className="text-muted">{texts.contractHelp}</p>
            <Link to={`/painel/vendas/${saga.transaction_id}/contrato`} className={press()}>
              {texts.contract}
            </Link>
          </div>
        ) : (
          <p className="text-muted">{texts.contractLater}</p>
        )}
      </Panel>
      <Panel title={texts.steps.handover} flush={vehicle.status === 'sold'}>
        {vehicle.status === 'sold' ? (
          <Act act="entregar" kind="main" words={vehicleTexts.handOver}>
            <input type="hidden" name="carro" value={vehicle.id} />
            <HandOverForm />
          </Act>
        ) : (
          <p className="text-muted">{vehicle.status === 'picked_up' ? texts.handed : texts.handoverLater}</p>
        )}
      </Panel>
    </>
  )
}
