/** Beside a sale at the counter: the car, and how the money stands. */
import { useLoaderData } from 'react-router'
import { exactAmount, exactMoney, kilometres } from '../formats.ts'
import { Picture } from '../store/picture.tsx'
import { nameOf, versionOf } from '../store/vehicle-facts.ts'
import { counter as texts } from '../texts/office-counter.pt-br.ts'
import type { CounterSaleData } from './counter-data.ts'
import { Plate } from './parts.tsx'
import { percentOf } from './percent.ts'
import { plateOf } from './plate.ts'

export function Deal() {
  const { saga, vehicle, money } = useLoaderData<CounterSaleData>()
  const discount = vehicle.price - saga.amount
  const facts = [vehicle.year, vehicle.color, vehicle.mileage_km !== undefined && kilometres(vehicle.mileage_km)]
  const rows: readonly (readonly [string, number])[] = [
    ...(discount === 0
      ? []
      : ([
          [texts.listed, vehicle.price],
          [`${texts.discount}, ${percentOf(discount, vehicle.price)}`, -discount],
        ] as const)),
    [texts.agreed, saga.amount],
    ...(money
      ? ([
          [texts.received, money.received],
          [texts.promised, money.promised],
        ] as const)
      : []),
  ]
  return (
    <aside className="grid gap-4">
      <div className="overflow-hidden rounded-control border border-line bg-surface">
        <div className="p-4">
          <div className="mb-3 overflow-hidden rounded-[6px]">
            <Picture vehicle={vehicle} sizes="256px" />
          </div>
          <b className="block font-semibold">
            {nameOf(vehicle)} {versionOf(vehicle)}
          </b>
          <p className="text-muted">{facts.filter(Boolean).join(' · ')}</p>
          <p className="mt-2">
            <Plate>{plateOf(vehicle)}</Plate>
          </p>
        </div>
        <dl className="grid grid-cols-[1fr_auto] gap-x-4 gap-y-1.5 border-t border-line p-4 tabular-nums">
          {rows.map(([name, value]) => (
            <div key={name} className="contents">
              <dt className={name === texts.agreed ? 'font-semibold' : 'text-muted'}>{name}</dt>
              <dd className={`text-right ${name === texts.agreed ? 'font-semibold' : ''}`}>{exactMoney(value)}</dd>
            </div>
          ))}
        </dl>
        {money && (
          <p
            className={`flex items-baseline justify-between gap-3 border-t border-line p-4 ${money.due > 0 ? 'text-amber-ink' : 'text-accent-ink'}`}
          >
            <b className="font-[550]">{money.due > 0 ? texts.due : texts.complete}</b>
            {money.due > 0 && (
              <span className="display text-[22px] tabular-nums">
                <span className="mr-1 text-[.58em] font-bold">R$</span>
                {exactAmount(money.due)}
              </span>
            )}
          </p>
        )}
      </div>
      <p className="rounded-control bg-info-tint px-3.5 py-3 text-xs text-ink">{texts.note}</p>
    </aside>
  )
}
