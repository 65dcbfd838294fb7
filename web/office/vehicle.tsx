/** One vehicle: edit it without losing what others saved, withdraw, relist or hand it over; its photos, costs and history. */
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
import { amountTyped, idTyped } from '#platform/typed-numbers'
import { expected, orElse, orHidden } from '../answers.server.ts'
import { api } from '../api.server.ts'
import { isoDay, money } from '../formats.ts'
import { expectStaff } from '../session.server.ts'
import { Picture } from '../store/picture.tsx'
import { nameOf, pathOf, versionOf } from '../store/vehicle-facts.ts'
import { office } from '../texts/office.pt-br.ts'
import { vehicle as texts } from '../texts/office-stock.pt-br.ts'
import { Act } from './act.tsx'
import { signed } from './author-names.ts'
import { Changes } from './changes.tsx'
import { handOverIn } from './hand-over.ts'
import { HandOverForm } from './hand-over-form.tsx'
import { authorNames } from './names.server.ts'
import { PageHead, Panel, Plate, press, Told } from './parts.tsx'
import { plateOf } from './plate.ts'
import { isOperator } from './rights.ts'
import { Place } from './standing.tsx'
import { Toast, Undo } from './toast.tsx'
import { type Outcome, save } from './vehicle-acts.server.ts'
import { acquire, spend } from './vehicle-cost-acts.server.ts'
import { Costs, Prices } from './vehicle-costs.tsx'
import type { VehicleData } from './vehicle-data.ts'
import { Editor } from './vehicle-editor.tsx'
import { valuesOf } from './vehicle-form.ts'
import { VehiclePhotos } from './vehicle-photos.tsx'

export async function loader(args: LoaderFunctionArgs): Promise<VehicleData> {
  const person = await expectStaff(args)
  const id = idTyped(args.params.id)
  const client = api(args)
  const answer = await client.getVehicle({ path: { id } })
  const vehicle = expected(answer)
  const [changes, costs, prices, nameOf] = await Promise.all([
    isOperator(person)
      ? orElse(client.getVehicleHistory({ path: { id }, query: { limit: 20 } }), undefined)
      : undefined,
    isOperator(person) ? client.showVehicleCosts({ path: { id } }).then(orHidden) : undefined,
    orElse(client.showPrices({ path: { id } }), undefined),
    authorNames(client),
  ])
  const { searchParams } = new URL(args.request.url)
  return {
    vehicle,
    values: valuesOf(vehicle),
    etag: answer.ok ? (answer.headers.get('etag') ?? '') : '',
    history: changes?.ok ? signed(changes.data.history, nameOf) : undefined,
    costs,
    prices: prices?.ok ? prices.data.prices : [],
    today: isoDay(new Date()),
    key: randomUUID(),
    done: searchParams.get('feito') ?? '',
    priceBefore: Number(searchParams.get('antes')) || undefined,
    fault: searchParams.get('falha') ?? '',
  }
}

export async function action(args: ActionFunctionArgs) {
  const person = await expectStaff(args)
  const id = idTyped(args.params.id)
  const client = api(args)
  const form = await args.request.formData()
  const done = (what: string) => redirect(`/painel/estoque/${id}?feito=${what}`, 303)
  const fault = (name: string) => data<Outcome>({ fault: texts.refused[name] ?? texts.refused.other }, { status: 409 })
  switch (form.get('ato')) {
    case 'retirar': {
      const answer = await client.withdrawVehicle({ path: { id } })
      return answer.ok ? done('withdrawn') : fault(answer.problem.name)
    }
    case 'anunciar': {
      const answer = await client.relistVehicle({ path: { id } })
      return answer.ok ? done('relisted') : fault(answer.problem.name)
    }
    case 'publicar': {
      const answer = await client.publishVehicle({ path: { id } })
      return answer.ok ? done('published') : fault(answer.problem.name)
    }
    case 'preco_de_volta': {
      const price = amountTyped(String(form.get('preco') ?? '')) ?? 0
      const header = { 'if-match': String(form.get('etag') ?? '') }
      const answer = await client.updateVehicle({ path: { id }, header, body: { price } })
      if (!answer.ok) return fault(answer.status === 412 ? 'price_moved' : answer.problem.name)
      return answer.status === 202 ? data<Outcome>({ told: texts.asked }) : done('priced')
    }
    case 'entregar': {
      const answer = await client.pickupVehicle({ path: { id }, body: handOverIn(form) })
      return answer.ok ? done('handed') : fault(answer.problem.name)
    }
    case 'gasto': {
      const outcome = await spend(client, id, form)
      return outcome === 'spent' ? done(outcome) : data(outcome, { status: 409 })
    }
    case 'entrada': {
      const outcome = await acquire(client, id, form)
      return outcome === 'acquired' ? done(outcome) : data(outcome, { status: 409 })
    }
    default: {
      const outcome = await save(client, id, form, isOperator(person))
      if (outcome === 'saved') return done(`saved${priceLeft(form)}`)
      return data(outcome, { status: outcome.told ? 200 : 409 })
    }
  }
}

/** The price that was changed, for the toast that offers it back. */
function priceLeft(form: FormData): string {
  const before = amountTyped(String(form.get('antes.price') ?? ''))
  return before === undefined || before === amountTyped(String(form.get('price') ?? '')) ? '' : `&antes=${before}`
}

export const meta: MetaFunction<typeof loader> = ({ loaderData }) => [
  { title: loaderData ? `${loaderData.vehicle.brand} ${loaderData.vehicle.model}` : office.title },
  { name: 'robots', content: 'noindex' },
]

export default function VehiclePage() {
  const { vehicle, done, history } = useLoaderData<typeof loader>()
  const outcome = useActionData<typeof action>() as Outcome | undefined
  return (
    <>
      <PageHead
        crumbs={[['/painel/estoque', office.menu.stock]]}
        title={
          <>
            {nameOf(vehicle)} {versionOf(vehicle)}
            <span className="text-sm">
              <Place status={vehicle.status} />
            </span>
          </>
        }
        about={
          <>
            {vehicle.year} · {vehicle.color} · <Plate>{plateOf(vehicle)}</Plate>
          </>
        }
      >
        <Link to={`/painel/vendas?carro=${vehicle.id}`} className={press()}>
          {texts.sale}
        </Link>
        {vehicle.status === 'available' && (
          <Link to={pathOf(vehicle)} className={press()}>
            {texts.shop}
          </Link>
        )}
      </PageHead>
      {outcome?.fault && <Told tone="bad">{outcome.fault}</Told>}
      {outcome?.told && <Told tone="warn">{outcome.told}</Told>}
      {!outcome && texts.done[done] && <Done />}
      <div className="grid grid-cols-[minmax(0,1fr)] gap-5 xl:grid-cols-[minmax(0,1fr)_332px] xl:items-start">
        <div className="grid min-w-0 gap-5">
          <Editor outcome={outcome} />
          <VehiclePhotos />
          {history && <Changes title={texts.history} none={texts.noHistory} history={history} />}
        </div>
        <div className="grid gap-5 md:max-xl:grid-cols-2 md:max-xl:items-start">
          <div className="overflow-hidden rounded-control border border-line">
            <Picture vehicle={vehicle} sizes="332px" eager />
          </div>
          <Acts />
          <Costs />
          <Prices />
          <Identity />
        </div>
      </div>
    </>
  )
}

/** With what undoes it: off sale and on sale, each other; a price, the one before it. */
function Done() {
  const { done, vehicle, etag, priceBefore } = useLoaderData<typeof loader>()
  const undo = { withdrawn: 'anunciar', relisted: 'retirar' }[done]
  const given = [
    ['preco', String(priceBefore).replace('.', ',')],
    ['etag', etag],
  ] as const
  const goesBack = done === 'saved' && priceBefore !== undefined && priceBefore !== vehicle.price
  return (
    <Toast
      key={`${done} ${etag}`}
      {...(undo && { undo: <Undo act={undo} /> })}
      {...(goesBack && { undo: <Undo act="preco_de_volta" given={given} /> })}
    >
      {goesBack ? texts.pricedFrom(money(priceBefore), money(vehicle.price)) : texts.done[done]}
    </Toast>
  )
}

function Acts() {
  const { vehicle } = useLoaderData<typeof loader>()
  const { withdraw, relist, handOver } = texts
  if (!['preparation', 'available', 'withdrawn', 'sold'].includes(vehicle.status)) return null
  return (
    <Panel flush>
      {vehicle.status === 'available' && <Act act="retirar" kind="danger" words={withdraw} />}
      {vehicle.status === 'withdrawn' && <Act act="anunciar" kind="main" words={relist} />}
      {vehicle.status === 'preparation' && <Act act="publicar" kind="main" words={relist} />}
      {vehicle.status === 'sold' && (
        <Act act="entregar" kind="main" words={handOver}>
          <HandOverForm />
        </Act>
      )}
    </Panel>
  )
}

function Identity() {
  const { vehicle } = useLoaderData<typeof loader>()
  const facts = [
    [texts.fields.license_plate, plateOf(vehicle)],
    [texts.fields.chassi_number, vehicle.chassi_number],
    [texts.fields.renavam, vehicle.renavam],
  ] as const
  return (
    <Panel title={texts.identity}>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5">
        {facts.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-muted">{name}</dt>
            <dd className="text-right tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  )
}
