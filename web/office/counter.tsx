/** The beginning of a sale at the counter: the buyer, the car, the agreed price. The choices are kept in the address. */
import { randomUUID } from 'node:crypto'
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
import { idTyped } from '#platform/typed-numbers'
import { expected } from '../answers.server.ts'
import { api } from '../api.server.ts'
import { amount, kilometres, money } from '../formats.ts'
import { expectStaff } from '../session.server.ts'
import { listed } from '../store/photo-files.ts'
import { Picture } from '../store/picture.tsx'
import { nameOf, versionOf } from '../store/vehicle-facts.ts'
import { office } from '../texts/office.pt-br.ts'
import { counter as texts } from '../texts/office-counter.pt-br.ts'
import { begin, findBuyers } from './counter-acts.server.ts'
import { Rail } from './counter-rail.tsx'
import { Entry, Pick } from './fields.tsx'
import { Effects, Nothing, PageHead, Panel, press, Told } from './parts.tsx'

const FOUND = 8

export async function loader(args: LoaderFunctionArgs) {
  await expectStaff(args)
  const { searchParams } = new URL(args.request.url)
  const client = api(args)
  const buyer = idTyped(searchParams.get('cliente')) || undefined
  const car = idTyped(searchParams.get('carro')) || undefined
  const q = (searchParams.get('qual') ?? '').trim()
  const [customers, vehicle, cars] = await Promise.all([
    buyer ? client.listCustomers({ query: { ids: String(buyer), limit: 1 } }).then(expected) : undefined,
    car ? client.getVehicle({ path: { id: car } }).then(expected) : undefined,
    buyer && !car
      ? client
          .listVehicles({ query: { status_filter: 'available', limit: FOUND, sort_by: 'newest', ...(q && { q }) } })
          .then(expected)
      : undefined,
  ])
  const customer = customers?.customers[0]
  return {
    customer: customer && {
      id: customer.id,
      name: customer.name,
      document: customer.document,
      status: customer.status,
    },
    vehicle: vehicle && listed(vehicle),
    cars: cars?.vehicles.map(listed) ?? [],
    q,
    key: randomUUID(),
    isAsked: searchParams.has('pedido'),
  }
}

export async function action(args: ActionFunctionArgs) {
  await expectStaff(args)
  const form = await args.request.formData()
  if (form.get('ato') === 'procurar') return findBuyers(api(args), String(form.get('quem') ?? ''))
  const outcome = await begin(api(args), form)
  if (outcome.to) throw redirect(outcome.to, 303)
  return data({ fault: outcome.fault }, { status: 409 })
}

export const meta: MetaFunction = () => [{ title: texts.title }, { name: 'robots', content: 'noindex' }]

export default function Counter() {
  const { customer, vehicle, isAsked } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  const at = !customer ? 'customer' : !vehicle ? 'vehicle' : 'price'
  return (
    <>
      <PageHead crumbs={[['/painel/vendas', office.menu.sales]]} title={texts.title} about={texts.about} />
      {isAsked && <Told tone="warn">{texts.asked}</Told>}
      {answer && 'fault' in answer && answer.fault && (
        <Told tone="bad">{texts.faults[answer.fault] ?? texts.faults.other}</Told>
      )}
      <div className="grid grid-cols-[minmax(0,1fr)] gap-5 lg:grid-cols-[196px_minmax(0,1fr)] lg:items-start">
        <Rail
          at={at}
          said={{
            customer: customer?.name ?? texts.choose,
            vehicle: vehicle ? `${nameOf(vehicle)} ${vehicle.year}` : texts.choose,
            price: vehicle ? money(vehicle.price) : '',
          }}
        />
        <div className="max-w-3xl">
          {at === 'customer' && <Buyer />}
          {at === 'vehicle' && <Car />}
          {at === 'price' && <Agreement />}
        </div>
      </div>
    </>
  )
}

function Buyer() {
  const answer = useActionData<typeof action>()
  const found = answer && 'found' in answer ? answer.found : undefined
  const { vehicle } = useLoaderData<typeof loader>()
  const words = texts.customer
  return (
    <Panel title={words.title} flush>
      <Form method="post" role="search" aria-label={words.title} className="flex flex-wrap items-start gap-2 p-4">
        <input type="hidden" name="ato" value="procurar" />
        <div className="min-w-56 flex-1">
          <Entry name="quem" label={words.label} hint={words.hint} required autoComplete="off" autoFocus />
        </div>
        <button type="submit" className={`${press('main')} mt-5`}>
          {words.find}
        </button>
      </Form>
      {found?.length === 0 && <Nothing>{words.none}</Nothing>}
      {found && found.length > 0 && (
        <ul className="border-t border-line">
          {found.map(({ id, name, document, status }) => (
            <li key={id} className="border-b border-line last:border-0">
              {status === 'active' ? (
                <Link
                  to={`?cliente=${id}${vehicle ? `&carro=${vehicle.id}` : ''}`}
                  className="flex items-center justify-between gap-4 px-4 py-2.5 hover:bg-hover"
                >
                  <span>
                    <b className="block font-semibold">{name}</b>
                    <span className="text-xs text-muted tabular-nums">{document.replaceAll('*', '•')}</span>
                  </span>
                  <span className="font-[550] text-accent">{words.pick(name.split(' ')[0] ?? name)}</span>
                </Link>
              ) : (
                <span className="block px-4 py-2.5 text-muted">
                  {name} · {words.blocked}
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
      <div className="border-t border-line px-4 py-2.5">
        <Link
          to="/painel/clientes/novo?balcao"
          className="inline-flex min-h-8 items-center font-[550] text-accent hover:underline"
        >
          {words.add}
        </Link>
      </div>
    </Panel>
  )
}

function Car() {
  const { cars, q, customer } = useLoaderData<typeof loader>()
  const words = texts.vehicle
  return (
    <Panel title={words.title} flush>
      <Form role="search" aria-label={words.title} className="flex flex-wrap items-start gap-2 p-4">
        <input type="hidden" name="cliente" value={customer?.id} />
        <div className="min-w-56 flex-1">
          <Entry name="qual" label={words.label} defaultValue={q} maxLength={100} autoComplete="off" autoFocus />
        </div>
        <button type="submit" className={`${press('main')} mt-5`}>
          {words.find}
        </button>
      </Form>
      {cars.length === 0 && <Nothing>{words.none}</Nothing>}
      <ul className="border-t border-line empty:hidden">
        {cars.map((vehicle) => (
          <li key={vehicle.id} className="border-b border-line last:border-0">
            <Link
              to={`?cliente=${customer?.id}&carro=${vehicle.id}`}
              className="flex items-center gap-3 px-4 py-2 hover:bg-hover"
            >
              <span className="w-16 flex-none overflow-hidden rounded-[4px]">
                <Picture vehicle={vehicle} sizes="64px" />
              </span>
              <span className="min-w-0 flex-1">
                <b className="block truncate font-semibold">
                  {nameOf(vehicle)} {versionOf(vehicle)}
                </b>
                <span className="text-xs text-muted">
                  {[vehicle.year, vehicle.color, vehicle.mileage_km !== undefined && kilometres(vehicle.mileage_km)]
                    .filter(Boolean)
                    .join(' · ')}
                </span>
              </span>
              <b className="font-[550] tabular-nums">{money(vehicle.price)}</b>
            </Link>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function Agreement() {
  const { customer, vehicle, key } = useLoaderData<typeof loader>()
  const { state } = useNavigation()
  const words = texts.price
  if (!customer || !vehicle) return null
  return (
    <Panel title={words.title} about={`${nameOf(vehicle)} ${versionOf(vehicle)} ${vehicle.year}`}>
      <Form method="post" className="grid gap-3.5">
        <input type="hidden" name="chave" value={key} />
        <input type="hidden" name="cliente" value={customer.id} />
        <input type="hidden" name="carro" value={vehicle.id} />
        <input type="hidden" name="anunciado" value={vehicle.price} />
        <p className="flex items-baseline justify-between gap-4 text-muted">
          {words.listed} <span className="tabular-nums">{money(vehicle.price)}</span>
        </p>
        <div className="grid gap-3.5 sm:grid-cols-2">
          <Entry
            name="preco"
            label={words.agreed}
            hint={words.agreedHint}
            defaultValue={amount(vehicle.price)}
            inputMode="decimal"
            required
            autoComplete="off"
          />
          <Entry name="motivo" label={words.reason} hint={words.reasonHint} maxLength={200} autoComplete="off" />
          <Pick name="canal" label={words.channel}>
            <option value="counter">{words.channels.counter}</option>
            <option value="remote">{words.channels.remote}</option>
          </Pick>
        </div>
        <Effects>{words.effects}</Effects>
        <div className="flex flex-wrap justify-between gap-2 border-t border-line pt-4">
          <Link to={`?cliente=${customer.id}`} className={press()}>
            {texts.change}
          </Link>
          <button type="submit" name="ato" value="comecar" className={press('main')} aria-disabled={state !== 'idle'}>
            {words.begin}
          </button>
        </div>
      </Form>
    </Panel>
  )
}
