/** The stock as a table: search, order and columns are in the address; marked rows are changed together, a price in its cell. */
import { type ReactNode, useState } from 'react'
import {
  type ActionFunctionArgs,
  data,
  Form,
  Link,
  type LoaderFunctionArgs,
  type MetaFunction,
  useActionData,
  useLoaderData,
  useLocation,
} from 'react-router'
import { expected } from '../answers.server.ts'
import { api } from '../api.server.ts'
import { amount, day } from '../formats.ts'
import { expectStaff } from '../session.server.ts'
import { listed } from '../store/photo-files.ts'
import { Picture } from '../store/picture.tsx'
import { nameOf, versionOf } from '../store/vehicle-facts.ts'
import { office } from '../texts/office.pt-br.ts'
import { imported } from '../texts/office-photos.pt-br.ts'
import { stock as texts } from '../texts/office-stock.pt-br.ts'
import { control, Nothing, Older, PageHead, Panel, Plate, press } from './parts.tsx'
import { plateOf } from './plate.ts'
import { isOperator } from './rights.ts'
import { Place } from './standing.tsx'
import { act } from './stock-acts.server.ts'
import { COLUMNS, type Column, columnsIn } from './stock-columns.ts'
import { MARKED, MarkedBar, MarkedDone } from './stock-marked.tsx'
import { PriceCell } from './stock-price.tsx'

const PAGE = 50
const STATES = ['available', 'reserved', 'awaiting_pickup', 'picked_up', 'withdrawn'] as const
const ORDERS = ['price_asc', 'price_desc', 'newest', 'year_desc', 'mileage_asc', 'brand_asc'] as const
const DAY_MS = 86_400_000

export async function loader(args: LoaderFunctionArgs) {
  const person = await expectStaff(args)
  const { searchParams } = new URL(args.request.url)
  const q = searchParams.get('q')?.trim() ?? ''
  const status_filter = STATES.find((one) => one === searchParams.get('estado'))
  const sort_by = ORDERS.find((one) => one === searchParams.get('ordem')) ?? 'price_asc'
  const cursor = searchParams.get('apos') ?? undefined
  const query = {
    sort_by,
    limit: PAGE,
    ...(q && { q }),
    status_filter: status_filter ?? ('any' as const),
    ...(cursor && { cursor }),
  }
  const { vehicles, total, next_cursor } = expected(await api(args).listVehicles({ query }))
  searchParams.delete('apos')
  const older = next_cursor ? `?${new URLSearchParams([...searchParams, ['apos', next_cursor]])}` : null
  const rows = vehicles.map((vehicle) => ({
    ...listed(vehicle),
    ...{ plate: plateOf(vehicle), created_at: vehicle.created_at, photoCount: vehicle.photo_files?.length ?? 0 },
  }))
  const canImport = isOperator(person)
  return {
    canImport,
    vehicles: rows,
    total,
    older,
    q,
    status_filter,
    sort_by,
    columns: columnsIn(searchParams),
    now: Date.now(),
  }
}

export async function action(args: ActionFunctionArgs) {
  await expectStaff(args)
  const outcome = await act(api(args), await args.request.formData())
  return data(outcome, { status: outcome.moved.length + outcome.asked > 0 ? 200 : 409 })
}

export const meta: MetaFunction = () => [{ title: texts.title }, { name: 'robots', content: 'noindex' }]

export default function Stock() {
  const { vehicles, total, older, canImport } = useLoaderData<typeof loader>()
  const bulk = useActionData<typeof action>()
  const shown = `${useLocation().search} ${bulk?.at}` // what is marked belongs to what is shown
  const [marked, setMarked] = useState({ shown, count: 0 })
  return (
    <>
      <PageHead title={texts.title} about={texts.total(total)}>
        {canImport && (
          <Link to="/painel/estoque/importar" className={press()}>
            {imported.open}
          </Link>
        )}
        <Link to="/painel/estoque/novo" className={press('main')}>
          {texts.add}
        </Link>
      </PageHead>
      <Filters />
      <MarkedDone bulk={bulk} />
      <Panel flush>
        {vehicles.length === 0 ? (
          <Nothing>
            {texts.none}{' '}
            <Link to="/painel/estoque" className="font-semibold text-accent underline underline-offset-2">
              {texts.clear}
            </Link>
          </Nothing>
        ) : (
          <Rows key={shown} onMark={(count) => setMarked({ shown, count })} />
        )}
        <Older to={older} />
      </Panel>
      {vehicles.length > 0 && <MarkedBar key={shown} count={marked.shown === shown ? marked.count : 0} />}
    </>
  )
}

function Filters() {
  const { q, status_filter, sort_by, columns } = useLoaderData<typeof loader>()
  return (
    <Form role="search" aria-label={texts.title} className="mb-4 flex flex-wrap items-end gap-2">
      <label className="min-w-52 flex-1 sm:max-w-80">
        <span className="mb-1 block text-xs font-[550]">{texts.search}</span>
        <input type="search" name="q" key={q} defaultValue={q} maxLength={100} className={control} />
      </label>
      <label>
        <span className="mb-1 block text-xs font-[550]">{texts.filter}</span>
        <select name="estado" key={status_filter} defaultValue={status_filter ?? ''} className={control}>
          <option value="">{texts.all}</option>
          {STATES.map((one) => (
            <option key={one} value={one}>
              {office.vehicleStates[one]?.[1]}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span className="mb-1 block text-xs font-[550]">{texts.order}</span>
        <select name="ordem" key={sort_by} defaultValue={sort_by} className={control}>
          {ORDERS.map((one) => (
            <option key={one} value={one}>
              {texts.orders[one]}
            </option>
          ))}
        </select>
      </label>
      <details className="relative">
        <summary className={press('plain')}>{texts.choose}</summary>
        <fieldset className="absolute right-0 z-10 mt-1 grid w-44 gap-1 rounded-control border border-line bg-surface p-3 shadow-high max-sm:right-auto max-sm:left-0">
          <legend className="sr-only">{texts.choose}</legend>
          <input type="hidden" name="coluna" value="carro" />
          {COLUMNS.map((one) => (
            <label key={one} className="flex min-h-7 items-center gap-2">
              <input type="checkbox" name="coluna" value={one} defaultChecked={columns.includes(one)} />
              {texts.columns[one]}
            </label>
          ))}
        </fieldset>
      </details>
      <button type="submit" className={press('plain')}>
        {texts.find}
      </button>
    </Form>
  )
}

type Row = ReturnType<typeof useLoaderData<typeof loader>>['vehicles'][number]

/** How a column looks, and what it says of a vehicle. */
const CELLS: Readonly<Record<Column, readonly [look: string, cell: (vehicle: Row, now: number) => ReactNode]>> = {
  placa: ['max-sm:hidden', ({ plate }) => <Plate>{plate}</Plate>],
  estado: ['max-sm:hidden', ({ status }) => <Place status={status} />],
  km: ['number text-muted max-lg:hidden', ({ mileage_km }) => (mileage_km === undefined ? '' : amount(mileage_km))],
  dias: [
    'number max-md:hidden',
    ({ created_at, status }, now) => {
      const days = Math.floor((now - Date.parse(created_at)) / DAY_MS)
      return <span className={ageLook(status, days)}>{days}</span>
    },
  ],
  ano: ['number max-md:hidden', ({ year }) => year],
  combustivel: ['max-lg:hidden', ({ fuel }) => fuel ?? ''],
  cambio: ['max-lg:hidden', ({ transmission }) => transmission ?? ''],
  fotos: ['number max-md:hidden', ({ photoCount }) => photoCount],
  entrada: ['number text-muted max-md:hidden', ({ created_at }) => day(created_at)],
}

function Rows({ onMark }: { readonly onMark: (count: number) => void }) {
  const { vehicles, now, columns } = useLoaderData<typeof loader>()
  const words = texts.columns
  const count = (table: HTMLElement) => onMark(table.querySelectorAll('input[name=id]:checked').length)
  return (
    <table className="w-full" onChange={(event) => count(event.currentTarget)}>
      <thead>
        <tr>
          <th className="w-0 no-print">
            <span className="sr-only">{texts.markHead}</span>
          </th>
          <th>{words.car}</th>
          {columns.map((one) => (
            <th key={one} className={CELLS[one][0]}>
              {words[one]}
            </th>
          ))}
          <th className="number">{words.price}</th>
        </tr>
      </thead>
      <tbody>
        {vehicles.map((vehicle) => (
          <tr key={vehicle.id}>
            <td className="no-print">
              <label className="grid size-6 place-items-center">
                <input type="checkbox" name="id" value={vehicle.id} form={MARKED} data-marca="" />
                <span className="sr-only">{texts.mark(nameOf(vehicle))}</span>
              </label>
              <input type="hidden" name={`visto.${vehicle.id}`} value={vehicle.price} form={MARKED} />
            </td>
            <td>
              <Car vehicle={vehicle} />
            </td>
            {columns.map((one) => (
              <td key={one} className={CELLS[one][0]}>
                {CELLS[one][1](vehicle, now)}
              </td>
            ))}
            <td className="number font-[550]">
              <PriceCell vehicle={{ ...vehicle, name: nameOf(vehicle) }} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Car({ vehicle }: { readonly vehicle: Row }) {
  return (
    <Link to={`/painel/estoque/${vehicle.id}`} className="group flex items-center gap-3">
      <span className="w-12 flex-none overflow-hidden rounded-[4px] max-sm:hidden">
        <Picture vehicle={vehicle} sizes="48px" />
      </span>
      <span className="min-w-0">
        <b className="block font-semibold group-hover:underline">
          {nameOf(vehicle)} {versionOf(vehicle)}
        </b>
        <span className="text-xs text-muted">
          {vehicle.year} · {vehicle.color}
        </span>
        <span className="block text-xs sm:hidden">
          <Place status={vehicle.status} />
        </span>
      </span>
    </Link>
  )
}

/** Past 60 days it stands too long, past 90 it costs. */
function ageLook(status: string, days: number): string {
  if (status !== 'available' || days <= 60) return 'text-muted'
  return days > 90 ? 'font-semibold text-red' : 'font-semibold text-amber'
}
