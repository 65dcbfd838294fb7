/** The home page: a car, a search, the kinds of cars, the newest and the cheapest. */
import { Link, type LoaderFunctionArgs, type MetaFunction, useLoaderData } from 'react-router'
import { expected } from '../answers.server.ts'
import { publicApi } from '../api.server.ts'
import { bodyOf } from '../art/body.ts'
import { drawingPath } from '../art/drawing.ts'
import { roundMoney } from '../formats.ts'
import { home } from '../texts/home.pt-br.ts'
import { SearchBox } from '../ui/search-box.tsx'
import { settingsOf } from '../visit.server.ts'
import { Grid } from './card.tsx'
import { type Counted, facetsFor } from './facets.server.ts'
import { pageMeta } from './meta.ts'
import { listed } from './photo-files.ts'
import { capital, everything } from './search.ts'

const LIMIT = 60_000
const SHELF = 4
/** Kinds of cars, side by side. */
const BODIES = 6

export async function loader(args: LoaderFunctionArgs) {
  const api = publicApi(args)
  const shelf = { status_filter: 'available', limit: SHELF } as const
  const [newest, cheap, facets] = await Promise.all([
    api.listVehicles({ query: { ...shelf, sort_by: 'newest' } }).then(expected),
    api.listVehicles({ query: { ...shelf, sort_by: 'price_desc', price_max: LIMIT } }).then(expected),
    facetsFor(api, everything()),
  ])
  const { publicOrigin, shop } = settingsOf(args.context)
  return {
    total: newest.total,
    newest: newest.vehicles.map(listed),
    cheap: cheap.vehicles.map(listed),
    bodies: facets.body.slice(0, BODIES),
    cheapTotal: cheap.total,
    publicOrigin,
    shop: { name: shop.name, city: shop.city },
  }
}

export const meta: MetaFunction<typeof loader> = ({ loaderData }) =>
  loaderData
    ? pageMeta({
        origin: loaderData.publicOrigin,
        path: '/',
        title: home.title(loaderData.shop.name),
        description: home.description(String(loaderData.total), loaderData.shop.city),
      })
    : []

export const headers = () => ({ 'cache-control': 'private, max-age=15' })

export default function Home() {
  const { total, newest, cheap, cheapTotal, bodies } = useLoaderData<typeof loader>()
  const words = home
  return (
    <>
      <Hero total={total} />
      <div className="page">
        {bodies.length > 1 && <Bodies bodies={bodies} />}
        {newest.length > 0 && (
          <Shelf title={words.newest} to="/carros?ordem=newest" more={words.newestAll}>
            <Grid vehicles={newest} columns={4} />
          </Shelf>
        )}
      </div>
      <Vows />
      <div className="page lg:pb-20">
        {cheap.length > 0 && (
          <Shelf
            title={words.cheapest(roundMoney(LIMIT))}
            to={`/carros?preco_max=${LIMIT}&ordem=price_desc`}
            more={words.cheapestAll(cheapTotal)}
          >
            <Grid vehicles={cheap} columns={4} />
          </Shelf>
        )}
      </div>
    </>
  )
}

const QUICK = [
  ['até R$ 60 mil', 'preco_max=60000'],
  ['2022 ou mais novo', 'ano_min=2022'],
  ['até R$ 100 mil', 'preco_max=100000'],
] as const

function Hero({ total }: { readonly total: number }) {
  const words = home
  const [first, second] = words.headline
  return (
    <section className="hero relative overflow-hidden">
      <div className="lamp absolute top-10 right-[calc(50%-560px)] hidden w-[560px] lg:block" />
      <div className="page relative pt-9 lg:min-h-[600px] lg:pt-22 lg:pb-24">
        <div className="relative z-10 lg:w-[720px]">
          <h1 className="text-[38px] leading-[1.02] tracking-[-.022em] [font-stretch:115%] lg:text-[60px]">
            {first}
            <br className="max-sm:hidden" /> {second}
          </h1>
          <p className="mt-4 mb-6 max-w-[44ch] text-lg text-muted">
            {total > 0 ? words.intro(total) : words.introEmpty}
          </p>
          <div className="lg:max-w-[540px]">
            <SearchBox />
          </div>
          <ul aria-label={words.quick} className="mt-4 flex flex-wrap gap-2">
            {QUICK.map(([label, query]) => (
              <li key={query}>
                <Link
                  to={`/carros?${query}`}
                  className="inline-flex min-h-11 items-center rounded-full border border-edge bg-surface px-3.5 text-sm font-[550] whitespace-nowrap hover:bg-sunken lg:min-h-9"
                >
                  {label.charAt(0).toUpperCase() + label.slice(1)}
                </Link>
              </li>
            ))}
          </ul>
        </div>
        <img
          src={drawingPath('suv', 'vermelho', 'wide')}
          alt=""
          width={772}
          height={400}
          fetchPriority="high"
          className="mt-4 -mr-14 -ml-10 block h-auto w-[calc(100%+96px)] max-w-none sm:mx-auto sm:w-full sm:max-w-[640px] lg:absolute lg:right-[-22px] lg:bottom-0 lg:m-0 lg:w-[820px] lg:max-w-none"
        />
      </div>
    </section>
  )
}

function Bodies({ bodies }: { readonly bodies: readonly Counted[] }) {
  return (
    <nav aria-label={home.bodies} className="pt-10 lg:pt-14">
      <ul className="grid grid-cols-2 gap-3 sm:grid-cols-3 lg:grid-cols-6 lg:gap-4">
        {bodies.map(({ value, count }) => (
          <li key={value}>
            <Link
              to={`/carros?tipo=${encodeURIComponent(value)}`}
              className="panel group block px-4 pt-4 pb-3 transition duration-200 ease-out hover:-translate-y-0.5 hover:shadow-high"
            >
              <span className="behind-car block">
                <img
                  src={drawingPath(bodyOf({ body: value, model: '' }), 'cinza', 'strip')}
                  alt=""
                  width={744}
                  height={300}
                  loading="lazy"
                  className="h-auto w-full"
                />
              </span>
              <b className="mt-3 block font-[650]">{capital(value)}</b>
              <span className="text-sm text-muted tabular-nums">{home.forSale(count)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}

function Shelf({
  title,
  to,
  more,
  children,
}: {
  readonly title: string
  readonly to: string
  readonly more: string
  readonly children: React.ReactNode
}) {
  return (
    <section className="py-10 lg:pt-16 lg:pb-0">
      <div className="mb-5 flex items-center justify-between gap-4 lg:mb-7">
        <h2>{title}</h2>
        <Link
          to={to}
          className="inline-flex min-h-11 items-center font-semibold whitespace-nowrap text-accent hover:underline"
        >
          {more}
        </Link>
      </div>
      {children}
    </section>
  )
}

function Vows() {
  return (
    <section className="border-y border-line bg-surface lg:mt-20">
      <ul className="page grid gap-7 py-10 md:grid-cols-3 lg:gap-14 lg:py-14">
        {home.vows.map(([title, help]) => (
          <li key={title}>
            <h3 className="display mb-2 text-xl leading-[1.15]">{title}</h3>
            <p className="text-muted">{help}</p>
          </li>
        ))}
      </ul>
    </section>
  )
}
