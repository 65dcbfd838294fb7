/** The list of vehicles on sale. The address holds the search, so that every list can be sent to somebody. */
import {
  Form,
  Link,
  type LoaderFunctionArgs,
  type MetaFunction,
  useLoaderData,
  useNavigation,
  useSubmit,
} from 'react-router'
import { expected } from '../answers.server.ts'
import { publicApi } from '../api.server.ts'
import { texts } from '../texts/index.ts'
import { Icon } from '../ui/icon.tsx'
import { PageLinks } from '../ui/page-links.tsx'
import { settingsOf } from '../visit.server.ts'
import { Grid, GridSkeleton } from './card.tsx'
import { EmptyList, type WayOut } from './empty-list.tsx'
import { facetsFor } from './facets.server.ts'
import { Filters } from './filters.tsx'
import { pageMeta } from './meta.ts'
import { listed } from './photo-files.ts'
import { addressOf, chipsOf, everything, ORDERS, PAGE_SIZE, queryOf, type Search, searchIn } from './search.ts'

export async function loader(args: LoaderFunctionArgs) {
  const search = searchIn(new URL(args.request.url).searchParams)
  const api = publicApi(args)
  const [answer, facets] = await Promise.all([api.listVehicles({ query: queryOf(search) }), facetsFor(api, search)])
  // the cursor belongs to another order or is too old: the first page is shown instead
  if (!answer.ok && answer.status === 422 && search.after) throw new Response(null, { status: 404 })
  const { vehicles, total, next_cursor } = expected(answer)
  const waysOut = vehicles.length === 0 ? await waysOutOf(search, api) : []
  const { publicOrigin } = settingsOf(args.context)
  return { search, vehicles: vehicles.map(listed), facets, total, next_cursor, waysOut, publicOrigin }
}

/** For each filter of the search: how many vehicles there are without it. */
async function waysOutOf(search: Search, api: ReturnType<typeof publicApi>): Promise<readonly WayOut[]> {
  const found = await Promise.all(
    chipsOf(search).map(async ({ label, without }) => {
      const answer = await api.listVehicles({ query: { ...queryOf(without), limit: 1 } })
      return { label, to: addressOf(without), total: answer.ok ? answer.data.total : 0 }
    }),
  )
  return found.filter(({ total }) => total > 0)
}

export const meta: MetaFunction<typeof loader> = ({ loaderData }) => {
  if (!loaderData) return []
  const { search, total, publicOrigin } = loaderData
  const { q, brand, page } = search
  const about = [...brand, q].filter(Boolean).join(' ')
  return pageMeta({
    origin: publicOrigin,
    path: addressOf({ ...search, q: '' }),
    title: about ? `${about}: ${texts.list.title}` : texts.list.title,
    description: `${texts.list.found(total)}. ${texts.list.description}`,
    index: !q && page === 1 && total > 0,
  })
}

export const headers = () => ({ 'cache-control': 'private, max-age=30' })

export default function List() {
  const { search, vehicles, facets, total, next_cursor, waysOut } = useLoaderData<typeof loader>()
  const chips = chipsOf(search)
  const { state, location } = useNavigation()
  const isSearching = state === 'loading' && location.pathname === '/carros'
  const pages = Math.max(search.page, Math.ceil(total / PAGE_SIZE))
  const { after: _after, ...fresh } = search
  const first = { ...fresh, page: 1 }
  return (
    <div className="page pt-5 pb-28 lg:grid lg:grid-cols-[272px_minmax(0,1fr)] lg:gap-10 lg:pt-10 lg:pb-20">
      <Filters search={search} facets={facets} total={total} chosen={chips.length} />
      <div>
        <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
          <div>
            <h1>{texts.list.title}</h1>
            <p className="mt-1.5 text-muted" role="status">
              {isSearching ? texts.list.loading : texts.list.found(total)}
            </p>
          </div>
          <Order search={search} />
        </div>
        <Chips search={search} chips={chips} />
        {isSearching ? (
          <GridSkeleton count={6} columns={3} />
        ) : vehicles.length > 0 ? (
          <Grid vehicles={vehicles} columns={3} eager={3} level={2} />
        ) : (
          <EmptyList waysOut={waysOut} />
        )}
        <PageLinks
          page={search.page}
          pages={pages}
          first={addressOf(first)}
          before={search.page === 2 ? addressOf(first) : undefined}
          next={next_cursor ? addressOf({ ...search, after: next_cursor, page: search.page + 1 }) : undefined}
        />
      </div>
    </div>
  )
}

function Chips({ search, chips }: { readonly search: Search; readonly chips: ReturnType<typeof chipsOf> }) {
  if (chips.length === 0) return <div className="mb-5 lg:mb-6" />
  return (
    <ul aria-label={texts.list.chosen} className="mt-4 mb-5 flex flex-wrap items-center gap-2 lg:mb-6">
      {chips.map(({ label, without }) => (
        <li key={label}>
          <Link
            to={addressOf(without)}
            aria-label={texts.list.remove(label)}
            className="inline-flex min-h-11 items-center gap-2 rounded-full bg-accent-tint px-3.5 text-sm font-[550] text-accent-ink hover:line-through lg:min-h-9"
          >
            {label}
            <Icon name="close" className="size-4" />
          </Link>
        </li>
      ))}
      <li>
        <Link
          to={addressOf(everything(search.order))}
          className="inline-flex min-h-11 items-center px-1 text-sm font-semibold text-accent hover:underline lg:min-h-9"
        >
          {texts.list.clear}
        </Link>
      </li>
    </ul>
  )
}

/** The form keeps every field of the search except the order and the page. */
function Order({ search }: { readonly search: Search }) {
  const submit = useSubmit()
  const others = new URL(addressOf({ ...search, order: 'price_asc' }), 'http://x').searchParams
  return (
    <Form
      action="/carros"
      className="flex items-end gap-2"
      onChange={(event) => submit(event.currentTarget, { replace: true })}
    >
      {[...others]
        .filter(([name]) => name !== 'apos' && name !== 'pagina')
        .map(([name, value]) => (
          <input key={`${name} ${value}`} type="hidden" name={name} value={value} />
        ))}
      <label className="flex min-h-11 items-center gap-1.5 rounded-control border border-edge bg-surface pl-3.5 text-[15px] focus-within:outline-3 focus-within:outline-offset-2 focus-within:outline-accent lg:min-h-12">
        <span className="text-muted">{texts.list.order}:</span>
        <select
          name="ordem"
          key={search.order}
          defaultValue={search.order}
          className="min-h-11 cursor-pointer bg-transparent pr-2 font-semibold outline-none"
        >
          {ORDERS.map((order) => (
            <option key={order} value={order} className="bg-surface">
              {texts.list.orders[order]}
            </option>
          ))}
        </select>
      </label>
      <noscript>
        <button type="submit" className="min-h-11 rounded-control border border-edge px-3 text-sm font-semibold">
          {texts.list.order}
        </button>
      </noscript>
    </Form>
  )
}
