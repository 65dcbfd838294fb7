/** The cost and margin of a vehicle, for roles that may see them, and its earlier prices. */
import { Form, useLoaderData } from 'react-router'
import type { VehicleCosts } from '../../clients/typescript/operations.ts'
import { day, exactMoney, money } from '../formats.ts'
import { prices as priceTexts, costs as texts } from '../texts/office-photos.pt-br.ts'
import { Entry, Pick } from './fields.tsx'
import { useFormKey } from './form-key.ts'
import { Panel, press } from './parts.tsx'
import { percentOf } from './percent.ts'
import type { VehicleData } from './vehicle-data.ts'

export function Costs() {
  const { costs, today } = useLoaderData<VehicleData>()
  if (!costs) return null
  return (
    <Panel title={texts.title}>
      <Sum costs={costs} />
      <details className="mt-3 border-t border-line pt-2" open={costs.expenses.length > 0}>
        <summary className="flex min-h-8 items-center font-[550] text-accent hover:underline">{texts.expenses}</summary>
        {costs.expenses.length === 0 && <p className="py-1 text-muted">{texts.none}</p>}
        <ul>
          {costs.expenses.map(({ id, what, amount, spent_on }) => (
            <li key={id} className="flex justify-between gap-4 border-b border-line py-1.5">
              <span className="min-w-0">
                {what}
                <span className="block text-xs text-muted">{day(`${spent_on}T12:00:00Z`)}</span>
              </span>
              <span className="tabular-nums">{exactMoney(amount)}</span>
            </li>
          ))}
        </ul>
        <Spend today={today} />
      </details>
      <details className="mt-2 border-t border-line pt-2">
        <summary className="flex min-h-8 items-center font-[550] text-accent hover:underline">
          {texts.acquisition.title}
        </summary>
        <Acquire costs={costs} today={today} />
      </details>
    </Panel>
  )
}

function Sum({ costs }: { readonly costs: VehicleCosts }) {
  const { price, acquisition_cost, acquired_at, source, owner_payout, owner_share, expenses_total, cost, margin } =
    costs
  const came = [source && texts.sources[source], acquired_at && day(`${acquired_at.slice(0, 10)}T12:00:00Z`)]
    .filter(Boolean)
    .join(' · ')
  return (
    <dl className="grid grid-cols-[1fr_auto] gap-y-1.5 tabular-nums">
      <dt>{texts.price}</dt>
      <dd className="text-right">{exactMoney(price)}</dd>
      <dt>
        {texts.bought}
        {came && <span className="block text-xs text-muted">{came}</span>}
      </dt>
      <dd className="text-right">
        {acquisition_cost === null ? (
          <span className="text-amber-ink">{texts.unknown}</span>
        ) : (
          exactMoney(acquisition_cost)
        )}
      </dd>
      {owner_payout !== null && owner_share !== null && (
        <>
          <dt>{texts.owner(owner_share)}</dt>
          <dd className="text-right">{exactMoney(owner_payout)}</dd>
        </>
      )}
      <dt>{texts.expenses}</dt>
      <dd className="text-right">{exactMoney(expenses_total)}</dd>
      {cost !== null && (
        <>
          <dt>{texts.cost}</dt>
          <dd className="text-right">{exactMoney(cost)}</dd>
        </>
      )}
      <dt className="mt-1 border-t border-line pt-2 font-semibold">{texts.margin}</dt>
      <dd
        className={`mt-1 border-t border-line pt-2 text-right font-semibold ${margin !== null && margin < 0 ? 'text-red' : ''}`}
      >
        {margin === null ? (
          <span className="text-xs font-normal text-muted">{texts.marginUnknown}</span>
        ) : (
          `${exactMoney(margin)} · ${percentOf(margin, price)}`
        )}
      </dd>
    </dl>
  )
}

function Spend({ today }: { readonly today: string }) {
  const key = useFormKey(useLoaderData<VehicleData>().key)
  const words = texts.expense
  return (
    <Form method="post" key={key} className="mt-3 grid gap-2.5">
      <input type="hidden" name="ato" value="gasto" />
      <input type="hidden" name="chave" value={key} />
      <Entry name="oque" label={words.what} required minLength={3} maxLength={100} autoComplete="off" />
      <div className="grid grid-cols-2 gap-2.5">
        <Entry
          name="valor"
          label={words.amount}
          hint={words.amountHint}
          required
          inputMode="decimal"
          autoComplete="off"
        />
        <Entry name="quando" type="date" label={words.on} defaultValue={today} max={today} required />
      </div>
      <button type="submit" className={press()}>
        {words.button}
      </button>
    </Form>
  )
}

const SOURCES = ['purchase', 'trade_in', 'consignment', 'return'] as const

function Acquire({ costs, today }: { readonly costs: VehicleCosts; readonly today: string }) {
  const words = texts.acquisition
  const written = costs.acquisition_cost?.toLocaleString('pt-BR') ?? ''
  return (
    <Form method="post" key={written} className="mt-2 grid gap-2.5">
      <input type="hidden" name="ato" value="entrada" />
      <div className="grid grid-cols-2 gap-2.5">
        <Entry name="valor" label={words.cost} defaultValue={written} required inputMode="decimal" autoComplete="off" />
        <Entry
          name="quando"
          type="date"
          label={words.on}
          defaultValue={costs.acquired_at?.slice(0, 10) ?? today}
          max={today}
          required
        />
      </div>
      <Pick name="origem" label={words.source} defaultValue={costs.source ?? 'purchase'}>
        {SOURCES.map((one) => (
          <option key={one} value={one}>
            {texts.sources[one]}
          </option>
        ))}
      </Pick>
      <div className="grid grid-cols-2 gap-2.5">
        <Entry
          name="dono"
          label={words.owner}
          defaultValue={costs.owner_customer_id ?? ''}
          inputMode="numeric"
          autoComplete="off"
        />
        <Entry
          name="parte"
          label={words.share}
          defaultValue={costs.owner_share?.toLocaleString('pt-BR') ?? ''}
          inputMode="decimal"
          autoComplete="off"
        />
      </div>
      <button type="submit" className={press()}>
        {words.button}
      </button>
    </Form>
  )
}

export function Prices() {
  const { prices } = useLoaderData<VehicleData>()
  if (prices.length < 2) return null
  return (
    <Panel title={priceTexts.title} about={priceTexts.about} flush>
      <ol>
        {prices.map(({ price, at }, index) => {
          const step = price - (prices[index + 1]?.price ?? price)
          return (
            <li key={at} className="flex justify-between gap-4 border-b border-line px-4 py-1.5 last:border-0">
              <span>{day(at)}</span>
              <span className="text-right">
                <b className="font-[550] tabular-nums">{money(price)}</b>
                {step !== 0 && (
                  <span className="block text-xs text-muted">
                    {step < 0 ? priceTexts.lower(money(-step)) : priceTexts.higher(money(step))}
                  </span>
                )}
              </span>
            </li>
          )
        })}
      </ol>
    </Panel>
  )
}
