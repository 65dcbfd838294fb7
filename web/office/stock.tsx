/** The stock as a table; search and order are in the address. */
import { Form, Link, type LoaderFunctionArgs, type MetaFunction, useLoaderData } from 'react-router'
import { expected } from '../answers.server.ts'
import { api } from '../api.server.ts'
import { amount } from '../formats.ts'
import { expectStaff } from '../session.server.ts'
import { listed } from '../store/photo-files.ts'
import { Picture } from '../store/picture.tsx'
import { nameOf, versionOf } from '../store/vehicle-facts.ts'
import { office } from '../texts/office.pt-br.ts'
import { imported } from '../texts/office-photos.pt-br.ts'
import { stock as texts } from '../texts/office-stock.pt-br.ts'
import { control, Nothing, Older, PageHead, Panel, Plate, press } from './parts.tsx'
import { isOperator } from './rights.ts'
import { Place } from './standing.tsx'

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
    ...{ license_plate: vehicle.license_plate, created_at: vehicle.created_at },
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
    search: searchParams.toString(),
    now: Date.now(),
  }
}

export const meta: MetaFunction = () => [{ title: texts.title }, { name: 'robots', content: 'noindex' }]

export default function Stock() {
  const { vehicles, total, older, canImport } = useLoaderData<typeof loader>()
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
      <Panel flush>
        {vehicles.length === 0 ? (
          <Nothing>
            {texts.none}{' '}
            <Link to="/painel/estoque" className="font-semibold text-accent underline underline-offset-2">
              {texts.clear}
            </Link>
          </Nothing>
        ) : (
          <Rows />
        )}
        <Older to={older} />
      </Panel>
    </>
  )
}

function Filters() {
  const { q, status_filter, sort_by } = useLoaderData<typeof loader>()
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
      <button type="submit" className={press('plain')}>
        {texts.find}
      </button>
    </Form>
  )
}

function Rows() {
  const { vehicles, now } = useLoaderData<typeof loader>()
  const words = texts.columns
  return (
    <table className="w-full">
      <thead>
        <tr>
          <th>{words.car}</th>
          <th className="max-sm:hidden">{words.plate}</th>
          <th>{words.state}</th>
          <th className="number max-lg:hidden">{words.km}</th>
          <th className="number max-md:hidden">{words.days}</th>
          <th className="number">{words.price}</th>
        </tr>
      </thead>
      <tbody>
        {vehicles.map((vehicle) => {
          const days = Math.floor((now - Date.parse(vehicle.created_at)) / DAY_MS)
          return (
            <tr key={vehicle.id}>
              <td>
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
                  </span>
                </Link>
              </td>
              <td className="max-sm:hidden">
                <Plate>{vehicle.license_plate.replaceAll('*', '•')}</Plate>
              </td>
              <td>
                <Place status={vehicle.status} />
              </td>
              <td className="number text-muted max-lg:hidden">
                {vehicle.mileage_km === undefined ? '' : amount(vehicle.mileage_km)}
              </td>
              <td className={`number max-md:hidden ${ageLook(vehicle.status, days)}`}>{days}</td>
              <td className="number font-[550]">{amount(vehicle.price)}</td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

/** Past 60 days it stands too long, past 90 it costs. */
function ageLook(status: string, days: number): string {
  if (status !== 'available' || days <= 60) return 'text-muted'
  return days > 90 ? 'font-semibold text-red' : 'font-semibold text-amber'
}
