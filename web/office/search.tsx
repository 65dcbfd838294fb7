/**
 * One field that finds a car, a customer, a sale or a page by whatever is at hand. It is a post: a document or an address
 * that is looked for stands in no history and no log.
 */
import {
  type ActionFunctionArgs,
  data,
  Link,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
  useActionData,
} from 'react-router'
import type { Client } from '../../clients/typescript/client.ts'
import type { ListedCustomer, Vehicle } from '../../clients/typescript/operations.ts'
import { expected, orElse } from '../answers.server.ts'
import { api } from '../api.server.ts'
import { money } from '../formats.ts'
import { expectStaff } from '../session.server.ts'
import { nameOf, versionOf } from '../store/vehicle-facts.ts'
import { office, search as texts } from '../texts/office.pt-br.ts'
import { findCustomers } from './find-customers.server.ts'
import { Nothing, PageHead, Panel, Plate } from './parts.tsx'
import { type Place, pagesFor } from './places.ts'
import { plateOf } from './plate.ts'
import { kindsOf, typedPlain } from './search-kinds.ts'
import { Place as Standing } from './standing.tsx'

const MOST = 20

interface Found {
  readonly typed: string
  readonly vehicles: readonly Vehicle[]
  readonly customers: readonly ListedCustomer[]
  readonly pages: readonly Place[]
}

/** The page cannot be opened without a search. */
export async function loader(args: LoaderFunctionArgs) {
  await expectStaff(args)
  return null
}

export async function action(args: ActionFunctionArgs) {
  const rights = await expectStaff(args)
  const typed = String((await args.request.formData()).get('o_que') ?? '').trim()
  if (typed === '') throw redirect('/painel')
  const plain = typedPlain(typed)
  const kinds = kindsOf(typed)
  if (kinds.has('sale')) throw redirect(`/painel/vendas/${typed.toLowerCase()}`, 303)
  const client = api(args)
  const [vehicles, customers] = await Promise.all([vehiclesBy(client, typed, plain), customersBy(client, typed)])
  const pages = pagesFor(rights, typed)
  const [car, person] = [vehicles[0], customers[0]]
  if (car && vehicles.length === 1 && !person && kinds.has('identifier'))
    throw redirect(`/painel/estoque/${car.id}`, 303)
  if (person && customers.length === 1 && !car && !kinds.has('words'))
    throw redirect(`/painel/clientes/${person.id}`, 303)
  return data<Found>({ typed, vehicles, customers, pages })
}

async function vehiclesBy(client: Client, typed: string, plain: string): Promise<readonly Vehicle[]> {
  const kinds = kindsOf(typed)
  const bodies = [
    ...(kinds.has('plate') ? [{ license_plate: plain }] : []),
    ...(kinds.has('chassi') ? [{ chassi_number: plain }] : []),
    ...(kinds.has('renavam') ? [{ renavam: plain }] : []),
  ]
  const named = await Promise.all(
    bodies.map(async (body) => {
      const found = await orElse(client.searchVehicles({ body }), undefined)
      return found?.ok ? found.data.vehicles : [] // a text that only looks like one is refused, and finds nowhere
    }),
  )
  if (named.flat().length > 0 || !kinds.has('words')) return named.flat()
  return expected(await client.listVehicles({ query: { q: typed.slice(0, 100), limit: MOST } })).vehicles
}

async function customersBy(client: Client, typed: string): Promise<readonly ListedCustomer[]> {
  const kinds = kindsOf(typed)
  const isName = kinds.has('words') && !kinds.has('identifier')
  if (!kinds.has('email') && !kinds.has('document') && !isName) return []
  return (await findCustomers(client, typed)).found ?? []
}

export const meta: MetaFunction = () => [{ title: texts.title }, { name: 'robots', content: 'noindex' }]

export default function Search() {
  const found = useActionData<typeof action>()
  const { vehicles = [], customers = [], pages = [] } = found ?? {}
  const count = vehicles.length + customers.length + pages.length
  return (
    <>
      <PageHead title={texts.title} {...(found && { about: texts.found(count) })} />
      <div className="grid gap-5">
        {count === 0 && (
          <Panel>
            <Nothing>{found ? texts.none : texts.ask}</Nothing>
          </Panel>
        )}
        {pages.length > 0 && (
          <Panel title={texts.pages} flush>
            <ul>
              {pages.map(({ to, name, about }) => (
                <Row key={to} to={to} name={name}>
                  {about}
                </Row>
              ))}
            </ul>
          </Panel>
        )}
        {customers.length > 0 && (
          <Panel title={office.menu.customers} flush>
            <ul>
              {customers.map(({ id, name, document }) => (
                <Row key={id} to={`/painel/clientes/${id}`} name={name}>
                  {document.replaceAll('*', '•')}
                </Row>
              ))}
            </ul>
          </Panel>
        )}
        {vehicles.length > 0 && (
          <Panel title={office.menu.stock} flush>
            <ul>
              {vehicles.map((one) => (
                <Row key={one.id} to={`/painel/estoque/${one.id}`} name={`${nameOf(one)} ${versionOf(one)}`}>
                  {one.year} · {one.color} · {money(one.price)} · <Plate>{plateOf(one)}</Plate>{' '}
                  <Standing status={one.status} />
                </Row>
              ))}
            </ul>
          </Panel>
        )}
      </div>
    </>
  )
}

function Row({
  to,
  name,
  children,
}: {
  readonly to: string
  readonly name: string
  readonly children: React.ReactNode
}) {
  return (
    <li className="border-b border-line last:border-0">
      <Link to={to} className="block px-4 py-2 hover:bg-hover">
        <b className="font-semibold">{name}</b>
        <span className="block text-muted">{children}</span>
      </Link>
    </li>
  )
}
