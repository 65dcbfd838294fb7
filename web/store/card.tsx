/** A vehicle in a grid: the car first, the price second. The whole card is the link. */
import { Link } from 'react-router'
import { kilometres } from '../formats.ts'
import { texts } from '../texts/index.ts'
import { Icon, type IconName } from '../ui/icon.tsx'
import { Price } from '../ui/price.tsx'
import { Tag } from '../ui/tag.tsx'
import type { Listed } from './photo-files.ts'
import { Picture } from './picture.tsx'
import { capital } from './search.ts'
import { nameOf, pathOf, versionOf } from './vehicle-facts.ts'

export function Grid({
  vehicles,
  columns,
  eager = 0,
  label,
  level = 3,
}: {
  readonly vehicles: readonly Listed[]
  readonly columns: 3 | 4
  /** How many pictures are seen at once and do not wait. */
  readonly eager?: number
  readonly label?: (vehicle: Listed) => string | undefined
  /** The level of the cards' headings: one below the heading over them. */
  readonly level?: 2 | 3
}) {
  return (
    <ul
      className={`grid grid-cols-2 gap-3 sm:gap-6 md:grid-cols-3 ${columns === 4 ? 'md:max-lg:[&>li:nth-child(4n)]:hidden lg:grid-cols-4' : ''}`}
    >
      {vehicles.map((vehicle, index) => (
        <li key={vehicle.id} className="min-w-0">
          <Card vehicle={vehicle} eager={index < eager} label={label?.(vehicle)} level={level} />
        </li>
      ))}
    </ul>
  )
}

function Card({
  vehicle,
  eager,
  label,
  level,
}: {
  readonly vehicle: Listed
  readonly eager: boolean
  readonly label: string | undefined
  readonly level: 2 | 3
}) {
  const Heading = `h${level}` as const
  const isTaken = vehicle.status !== 'available'
  return (
    <article className="panel group relative flex h-full flex-col overflow-hidden shadow-low transition duration-200 ease-out hover:-translate-y-0.5 hover:shadow-high">
      <div className={isTaken ? 'opacity-50 grayscale' : ''}>
        <Picture vehicle={vehicle} eager={eager} sizes="(width < 48rem) 50vw, (width < 64rem) 33vw, 320px" />
      </div>
      {(isTaken || label) && (
        <Tag
          tone={isTaken ? 'ink' : 'neutral'}
          {...(isTaken && { icon: 'clock' as const })}
          className={`absolute top-2 left-2 sm:top-3 sm:left-3 ${isTaken ? '' : 'bg-surface!'}`}
        >
          {isTaken ? texts.list.reserved : label}
        </Tag>
      )}
      <div className="flex flex-1 flex-col p-3 sm:p-4">
        <Heading className="truncate font-sans text-[15px] leading-[1.3] font-[650] tracking-[-.005em] [font-stretch:normal] sm:text-[17px]">
          <Link
            to={pathOf(vehicle)}
            prefetch="intent"
            className="outline-none after:absolute after:inset-0 after:rounded-panel focus-visible:after:outline-3 focus-visible:after:outline-offset-2 focus-visible:after:outline-accent"
          >
            {nameOf(vehicle)}
          </Link>
        </Heading>
        <p className="min-h-5 truncate text-[13px] text-muted sm:text-sm">{versionOf(vehicle)}</p>
        <Price
          reais={vehicle.price}
          className={`my-2.5 text-[21px] sm:my-3.5 sm:text-[25px] ${isTaken ? 'text-muted' : ''}`}
        />
        <p className="text-[13px] leading-snug text-pretty sm:text-sm lg:hidden">
          {vehicle.year}
          {vehicle.mileage_km !== undefined && ` · ${kilometres(vehicle.mileage_km)}`}
          {vehicle.transmission && <span className="max-sm:hidden"> · {vehicle.transmission}</span>}
        </p>
        <ul className="mt-auto grid grid-cols-2 gap-x-3 gap-y-2 text-sm tabular-nums max-lg:hidden">
          <Fact icon="calendar">{vehicle.year}</Fact>
          {vehicle.mileage_km !== undefined && <Fact icon="gauge">{kilometres(vehicle.mileage_km)}</Fact>}
          {vehicle.fuel && <Fact icon="fuel">{capital(vehicle.fuel)}</Fact>}
          {vehicle.transmission && <Fact icon="gear">{capital(vehicle.transmission)}</Fact>}
        </ul>
      </div>
    </article>
  )
}

function Fact({ icon, children }: { readonly icon: IconName; readonly children: string | number }) {
  return (
    <li className="flex min-w-0 items-center gap-2">
      <Icon name={icon} className="size-4 text-muted" />
      <span className="truncate">{children}</span>
    </li>
  )
}

/** Placeholders for cards that are still loading. */
export function GridSkeleton({ count, columns }: { readonly count: number; readonly columns: 3 | 4 }) {
  return (
    <div
      aria-hidden="true"
      className={`grid grid-cols-2 gap-3 sm:gap-6 md:grid-cols-3 ${columns === 4 ? 'lg:grid-cols-4' : ''}`}
    >
      {Array.from({ length: count }, (_, index) => index).map((index) => (
        <div key={index} className="panel overflow-hidden">
          <div className="showroom aspect-4/3" />
          <div className="grid gap-3 p-4">
            <div className="h-4 w-3/4 rounded bg-sunken" />
            <div className="h-6 w-1/2 rounded bg-sunken" />
            <div className="h-4 w-full rounded bg-sunken" />
          </div>
        </div>
      ))}
    </div>
  )
}
