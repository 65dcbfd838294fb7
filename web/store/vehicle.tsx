/** One vehicle: its pictures, price, facts and papers, and the button to buy it. */
import { useEffect, useState } from 'react'
import {
  Link,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
  useLoaderData,
  useRouteLoaderData,
} from 'react-router'
import { idTyped } from '#platform/typed-numbers'
import type { Vehicle } from '../../clients/typescript/operations.ts'
import { expected, orElse } from '../answers.server.ts'
import { publicApi } from '../api.server.ts'
import { kilometres, money } from '../formats.ts'
import type { RootData } from '../root-data.ts'
import { texts } from '../texts/index.ts'
import { LinkButton } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Price } from '../ui/price.tsx'
import { Note, Tag } from '../ui/tag.tsx'
import { settingsOf } from '../visit.server.ts'
import { Grid } from './card.tsx'
import { Gallery } from './gallery.tsx'
import { scriptSafe, vehicleJsonLd } from './json-ld.ts'
import { pageMeta } from './meta.ts'
import { Papers } from './papers.tsx'
import { listed } from './photo-files.ts'
import { type Offered, PriceHistory } from './price-history.tsx'
import { capital } from './search.ts'
import { Share } from './share.tsx'
import { bodyNameOf, nameOf, pathOf, slugOf, versionOf, widePictureOf } from './vehicle-facts.ts'

const SIMILAR = 4
const BUY = 'comprar'

export async function loader(args: LoaderFunctionArgs) {
  const { id = '', slug } = args.params
  const api = publicApi(args)
  const answer = await api.getVehicle({ path: { id: idTyped(id) } })
  // the address of a car that was here once is gone for good; any other address is not found
  if (!answer.ok && answer.status === 404) throw new Response(null, { status: slug ? 410 : 404 })
  const vehicle = expected(answer)
  if (slug !== slugOf(vehicle)) throw redirect(pathOf(vehicle), 301)
  const { publicOrigin } = settingsOf(args.context)
  const [similar, prices] = await Promise.all([similarTo(vehicle, api), pricesOf(vehicle, api)])
  return { vehicle: seen(vehicle), similar: similar.map(listed), prices, publicOrigin, now: Date.now() }
}

/** Drops the lists of photo files, because their names follow from the photo. */
const seen = (vehicle: Vehicle): Vehicle => ({
  ...vehicle,
  ...(vehicle.photo_files && { photo_files: vehicle.photo_files.map((photo) => ({ ...photo, files: [] })) }),
})

/** The prices, latest first. Those of a reserved or sold vehicle are shown to nobody. */
async function pricesOf({ id, status }: Vehicle, api: ReturnType<typeof publicApi>): Promise<readonly Offered[]> {
  if (status !== 'available') return []
  const found = await orElse(api.showPrices({ path: { id } }), undefined)
  return found?.ok ? found.data.prices : []
}

/** Vehicles of about the same price, those of the same brand first. */
async function similarTo(vehicle: Vehicle, api: ReturnType<typeof publicApi>): Promise<readonly Vehicle[]> {
  const around = { price_min: Math.round(vehicle.price * 0.8), price_max: Math.round(vehicle.price * 1.2) }
  const query = { status_filter: 'available', sort_by: 'price_asc', limit: 24, ...around } as const
  const found = await orElse(api.listVehicles({ query }), undefined)
  if (!found?.ok) return []
  const distance = (one: Vehicle) =>
    Math.abs(one.price - vehicle.price) / vehicle.price +
    (one.brand === vehicle.brand ? 0 : 0.1) +
    (bodyNameOf(one) === bodyNameOf(vehicle) ? 0 : 0.2)
  return found.data.vehicles
    .filter(({ id }) => id !== vehicle.id)
    .sort((one, other) => distance(one) - distance(other))
    .slice(0, SIMILAR)
}

export const meta: MetaFunction<typeof loader> = ({ loaderData }) => {
  if (!loaderData) return []
  const { vehicle, publicOrigin } = loaderData
  const facts = [vehicle.year, vehicle.mileage_km !== undefined && kilometres(vehicle.mileage_km), vehicle.color]
  return pageMeta({
    origin: publicOrigin,
    path: pathOf(vehicle),
    title: `${vehicle.brand} ${vehicle.model} ${vehicle.year}, ${money(vehicle.price)}`,
    description: texts.vehicle.metaDescription(facts.filter(Boolean).join(', '), money(vehicle.price)),
    picture: widePictureOf(vehicle),
    type: 'product',
  })
}

export const headers = () => ({ 'cache-control': 'private, max-age=15' })

export default function VehiclePage() {
  const { vehicle, similar, prices, publicOrigin, now } = useLoaderData<typeof loader>()
  const words = texts.vehicle
  return (
    <>
      <script
        type="application/ld+json"
        // biome-ignore lint/security/noDangerouslySetInnerHtml: `<` is escaped; as a child React would escape the quotes
        dangerouslySetInnerHTML={{ __html: scriptSafe(vehicleJsonLd(vehicle, publicOrigin)) }}
      />
      <div className="page">
        <Crumbs vehicle={vehicle} />
        <div className="grid gap-6 pb-12 lg:grid-cols-[minmax(0,1fr)_416px] lg:items-start lg:gap-12 lg:pb-20">
          <div className="contents lg:block">
            <Gallery vehicle={vehicle} />
            <div className="order-3">
              <Facts vehicle={vehicle} />
              <Papers vehicle={vehicle} />
              <PriceHistory prices={prices} now={now} />
            </div>
          </div>
          <Offer vehicle={vehicle} before={prices[1]?.price} />
        </div>
        {similar.length > 0 && (
          <section id="parecidos" className="pb-16 lg:pb-20">
            <div className="mb-5 flex items-center justify-between gap-4 lg:mb-7">
              <h2>{words.similar}</h2>
              <Link
                to="/carros"
                className="inline-flex min-h-11 items-center font-semibold text-accent hover:underline"
              >
                {words.similarAll}
              </Link>
            </div>
            <Grid vehicles={similar} columns={4} />
          </section>
        )}
      </div>
      {vehicle.status === 'available' && <PhoneBar vehicle={vehicle} />}
    </>
  )
}

function Crumbs({ vehicle }: { readonly vehicle: Vehicle }) {
  return (
    <nav aria-label={texts.vehicle.crumbs} className="py-3 text-sm text-muted lg:py-4">
      <ol className="flex flex-wrap items-center gap-2">
        <li>
          <Link to="/carros" className="inline-flex min-h-8 items-center hover:text-ink hover:underline">
            {texts.vehicle.cars}
          </Link>
        </li>
        <Icon name="right" className="size-4" />
        <li>
          <Link
            to={`/carros?marca=${encodeURIComponent(vehicle.brand)}`}
            className="inline-flex min-h-8 items-center hover:text-ink hover:underline"
          >
            {vehicle.brand}
          </Link>
        </li>
        <Icon name="right" className="size-4" />
        <li aria-current="page" className="text-ink">
          {nameOf(vehicle)}
        </li>
      </ol>
    </nav>
  )
}

function Offer({ vehicle, before }: { readonly vehicle: Vehicle; readonly before: number | undefined }) {
  const words = texts.vehicle
  const shop = (useRouteLoaderData('root') as RootData | undefined)?.shop
  const line = [versionOf(vehicle), vehicle.year, vehicle.mileage_km !== undefined && kilometres(vehicle.mileage_km)]
  return (
    <section className="order-2 lg:sticky lg:top-6">
      <div className="panel p-5 lg:p-7">
        <h1 className="lg:text-[28px]">{nameOf(vehicle)}</h1>
        <p className="mt-1.5 text-muted">{line.filter(Boolean).join(' · ')}</p>
        <Price reais={vehicle.price} className="mt-6 block text-[38px] lg:text-[42px]" />
        {before !== undefined && before > vehicle.price && (
          <p className="mt-3 flex flex-wrap items-center gap-x-3 gap-y-2">
            <span className="sr-only">{texts.list.was} </span>
            <s className="text-muted">{money(before)}</s>
            <Tag tone="good" icon="down">
              {texts.list.dropped(money(before - vehicle.price))}
            </Tag>
          </p>
        )}
        <p className="mt-4 text-sm text-muted">{words.finalPrice}</p>
        {vehicle.status === 'available' ? <Actions vehicle={vehicle} /> : <Taken status={vehicle.status} />}
        <ul className="mt-6 grid gap-3 border-t border-line pt-5 text-sm">
          {shop && (
            <li className="flex gap-3">
              <Icon name="pin" />
              <span>
                <b className="font-semibold">{words.where(shop.city)}</b>
                <br />
                <span className="text-muted">{shop.hours}</span>
              </span>
            </li>
          )}
          <li className="flex gap-3">
            <Icon name="back" />
            {words.withdrawal}
          </li>
          <li className="flex gap-3">
            <Icon name="shield" />
            {words.warranty}
          </li>
        </ul>
        <Share title={`${nameOf(vehicle)} ${vehicle.year}`} path={pathOf(vehicle)} />
      </div>
    </section>
  )
}

function Actions({ vehicle }: { readonly vehicle: Vehicle }) {
  return (
    <div id={BUY} className="mt-5 grid gap-3">
      <LinkButton to={`/comprar/${vehicle.id}`} size="big" wide prefetch="intent">
        {texts.vehicle.buy}
      </LinkButton>
      <LinkButton to={`/comprar/${vehicle.id}?forma=pix`} kind="plain" wide>
        {texts.vehicle.reserve}
      </LinkButton>
    </div>
  )
}

function Taken({ status }: { readonly status: Vehicle['status'] }) {
  const told: Readonly<Record<string, readonly string[]>> = texts.vehicle.status
  const [title, help] = told[status] ?? texts.vehicle.status.other
  return (
    <div className="mt-5 grid gap-3">
      <Note icon="clock" tone="warn">
        <b className="font-semibold">{title}.</b> {help}
      </Note>
      <LinkButton to="#parecidos" wide>
        {texts.vehicle.seeSimilar}
      </LinkButton>
    </div>
  )
}

/** `2022/2023`: year of manufacture and model year; only one if they are equal. */
const yearsOf = ({ year, model_year }: Vehicle): string =>
  model_year && model_year !== year ? `${year}/${model_year}` : String(year)

function Facts({ vehicle }: { readonly vehicle: Vehicle }) {
  const names = texts.vehicle.factNames
  const facts: readonly (readonly [string, string | undefined])[] = [
    [vehicle.model_year ? names.both : names.year, yearsOf(vehicle)],
    [names.mileage, vehicle.mileage_km === undefined ? undefined : kilometres(vehicle.mileage_km)],
    [names.transmission, vehicle.transmission && capital(vehicle.transmission)],
    [names.fuel, vehicle.fuel && capital(vehicle.fuel)],
    [names.color, vehicle.color],
    [names.body, vehicle.body && capital(vehicle.body)],
    [names.doors, vehicle.doors === undefined ? undefined : String(vehicle.doors)],
    [names.plate, String(vehicle.plate_last_digit)],
  ]
  return (
    <section className="py-8 lg:pt-10">
      <h2 className="mb-5">{texts.vehicle.facts}</h2>
      <dl className="grid grid-cols-2 border-t border-line tabular-nums sm:grid-cols-3 xl:grid-cols-4">
        {facts
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <div key={name} className="border-b border-line py-3.5">
              <dt className="text-sm text-muted">{name}</dt>
              <dd className="mt-0.5 font-semibold">{value}</dd>
            </div>
          ))}
      </dl>
      {vehicle.options && vehicle.options.length > 0 && (
        <>
          <h3 className="mt-6 mb-3">{texts.vehicle.options}</h3>
          <ul className="grid gap-x-6 gap-y-2 sm:grid-cols-2">
            {vehicle.options.map((option) => (
              <li key={option} className="flex gap-2.5">
                <Icon name="check" className="mt-0.5 size-5 text-accent" />
                {option}
              </li>
            ))}
          </ul>
        </>
      )}
      {vehicle.description && <p className="mt-5 max-w-[70ch] whitespace-pre-line">{vehicle.description}</p>}
    </section>
  )
}

/** On a phone the way to buy stays in reach, once the button of the page has left the screen. */
function PhoneBar({ vehicle }: { readonly vehicle: Vehicle }) {
  const [isNeeded, setNeeded] = useState(true)
  useEffect(() => {
    const button = document.getElementById(BUY)
    if (!button) return
    const observer = new IntersectionObserver(([seen]) => setNeeded(seen?.isIntersecting === false))
    observer.observe(button)
    return () => observer.disconnect()
  }, [])
  return (
    <div
      className={`no-print sticky bottom-0 z-10 flex items-center justify-between gap-4 border-t border-line bg-surface px-4 py-3 transition duration-200 md:px-8 lg:hidden ${isNeeded ? '' : 'invisible translate-y-full'}`}
    >
      <p className="leading-none">
        <span className="mb-1 block text-[13px] text-muted">{texts.vehicle.priceLabel}</span>
        <Price reais={vehicle.price} className="text-[22px]" />
      </p>
      <LinkButton to={`/comprar/${vehicle.id}`}>{texts.vehicle.buy}</LinkButton>
    </div>
  )
}
