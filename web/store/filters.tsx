/**
 * The filters of the list: a rail beside it, and on small screens a sheet over it. An address (`#filtros`) opens the sheet,
 * so that it opens without scripts too. It is a plain form; with scripts a tick asks at once.
 */
import { type ReactNode, useEffect, useRef } from 'react'
import { Form, useSubmit } from 'react-router'
import { kilometres } from '../formats.ts'
import { texts } from '../texts/index.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import type { Counted, Facets } from './facets.server.ts'
import { CHOICES, capital, type Search } from './search.ts'

const BOX = 'min-h-11 w-full min-w-0 rounded-control border border-edge bg-surface px-3 text-sm tabular-nums'
const THIS_YEAR = new Date().getFullYear()
const MILEAGES = [10_000, 30_000, 50_000, 80_000, 120_000]
/** How many choices of a filter are shown at once; the others can be opened. */
const AT_ONCE = 6
const YEARS = Array.from({ length: 25 }, (_, index) => THIS_YEAR + 1 - index)

export function Filters({
  search,
  facets,
  total,
  chosen,
}: {
  readonly search: Search
  readonly facets: Facets
  readonly total: number
  readonly chosen: number
}) {
  const submit = useSubmit()
  const form = useRef<HTMLFormElement>(null)
  const touched = useRef<string>(undefined)
  const words = texts.list
  const ask = (field: Element) => {
    const isSheet = window.matchMedia('(width < 64rem)').matches
    if (!form.current || isSheet) return
    touched.current = selectorOf(field)
    submit(form.current, { preventScrollReset: true })
  }
  // each answer brings a new form: the focus of the keyboard goes back to where it was
  useEffect(() => {
    if (!touched.current || document.activeElement !== document.body) return
    form.current?.querySelector<HTMLElement>(touched.current)?.focus({ preventScroll: true })
    touched.current = undefined
  })
  return (
    <>
      <aside
        id="filtros"
        aria-label={words.filters}
        className="max-lg:invisible max-lg:fixed max-lg:inset-0 max-lg:z-20 max-lg:translate-y-full max-lg:overflow-y-auto max-lg:bg-paper max-lg:transition max-lg:duration-300 max-lg:ease-out max-lg:target:visible max-lg:target:translate-y-0"
      >
        <Form
          action="/carros"
          ref={form}
          key={JSON.stringify(search)}
          onChange={({ target }) => {
            if (target instanceof Element && !isTyped(target)) ask(target)
          }}
          onBlur={({ target }) => {
            if (isTyped(target) && target.value !== target.defaultValue) ask(target)
          }}
          className="max-lg:flex max-lg:min-h-full max-lg:flex-col"
        >
          <div className="flex items-center justify-between px-4 pt-3 lg:hidden">
            <h2>{words.filters}</h2>
            <a
              href="#lista"
              aria-label={words.close}
              className="grid size-11 place-items-center rounded-full hover:bg-sunken"
            >
              <Icon name="close" className="size-6" />
            </a>
          </div>
          <div className="flex-1 max-lg:px-4 max-lg:pt-2 max-lg:pb-6">
            {search.order !== 'price_asc' && <input type="hidden" name="ordem" value={search.order} />}
            <Group title={texts.search.button}>
              <input
                type="search"
                name="q"
                defaultValue={search.q}
                maxLength={100}
                aria-label={texts.search.label}
                placeholder={texts.search.wide}
                className={BOX}
              />
            </Group>
            <Group title={words.groups.price}>
              <Bounds name="preco" min={search.priceMin} max={search.priceMax} unit="R$" />
            </Group>
            <Group title={words.groups.year}>
              <div className="grid grid-cols-2 gap-2">
                <Year name="ano_min" label={words.from} none={words.noMinimum} value={search.yearMin} />
                <Year name="ano_max" label={words.to} none={words.noMaximum} value={search.yearMax} />
              </div>
            </Group>
            <Group title={words.groups.mileage}>
              <select
                name="km_max"
                aria-label={words.groups.mileage}
                defaultValue={search.mileageMax ?? ''}
                className={`${BOX} text-ink`}
              >
                <option value="">{words.mileageAll}</option>
                {[...new Set([...MILEAGES, ...(search.mileageMax ? [search.mileageMax] : [])])].map((most) => (
                  <option key={most} value={most}>
                    {words.chips.mileageMax(kilometres(most))}
                  </option>
                ))}
              </select>
            </Group>
            {CHOICES.map(([choice, name]) => (
              <Options
                key={choice}
                title={words.groups[choice]}
                name={name}
                options={facets[choice]}
                chosen={search[choice]}
              />
            ))}
            <noscript>
              <div className="mt-5 max-lg:hidden">
                <Button kind="plain" wide>
                  {words.apply}
                </Button>
              </div>
            </noscript>
          </div>
          <div className="sticky bottom-0 flex items-center gap-3 border-t border-line bg-surface p-3 lg:hidden">
            <a href="/carros" className="flex min-h-12 items-center px-4 font-semibold">
              {words.clearShort}
            </a>
            <Button wide>{words.apply}</Button>
          </div>
        </Form>
      </aside>
      <div className="fixed inset-x-0 bottom-0 z-10 border-t border-line bg-surface p-3 lg:hidden">
        <a
          href="#filtros"
          className="flex min-h-12 items-center justify-center gap-2 rounded-control bg-accent font-[650] text-on-accent"
        >
          <Icon name="filter" />
          {words.filtersCount(chosen)}
          <span className="sr-only">, {words.found(total)}</span>
        </a>
      </div>
    </>
  )
}

/** A typed value is searched for when the field is left, a tick or a choice at once. */
const isTyped = (field: EventTarget): field is HTMLInputElement =>
  field instanceof HTMLInputElement && field.type !== 'checkbox'

function selectorOf(field: Element): string {
  const name = field.getAttribute('name') ?? ''
  const value = field instanceof HTMLInputElement && field.type === 'checkbox' ? field.value : undefined
  return `[name="${CSS.escape(name)}"]${value === undefined ? '' : `[value="${CSS.escape(value)}"]`}`
}

function Group({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <fieldset className="border-t border-line py-5 first-of-type:border-0 lg:first-of-type:pt-0">
      <legend className="float-left mb-3 w-full text-base font-[650]">{title}</legend>
      <div className="clear-both">{children}</div>
    </fieldset>
  )
}

/** The choices, each with its number of vehicles. A choice without any stays, in a quieter colour. */
function Options({
  title,
  name,
  options,
  chosen,
}: {
  readonly title: string
  readonly name: string
  readonly options: readonly Counted[]
  readonly chosen: readonly string[]
}) {
  if (options.length === 0) return null
  const first = options.filter(({ value }, index) => index < AT_ONCE || chosen.includes(value))
  const others = options.filter((option) => !first.includes(option))
  const row = ({ value, count }: Counted) => (
    <label
      key={value}
      className={`-mx-2 flex min-h-11 items-center gap-3 rounded-control px-2 text-[15px] hover:bg-sunken lg:min-h-9 ${count === 0 ? 'text-muted' : ''}`}
    >
      <input type="checkbox" name={name} value={value} defaultChecked={chosen.includes(value)} />
      <span className="min-w-0 truncate">{capital(value)}</span>
      <span className="ml-auto text-sm text-muted tabular-nums">{count.toLocaleString('pt-BR')}</span>
    </label>
  )
  return (
    <Group title={title}>
      {first.map(row)}
      {others.length > 0 && (
        <details>
          <summary className="inline-flex min-h-11 cursor-pointer items-center text-sm font-semibold text-accent hover:underline lg:min-h-9">
            {texts.list.more(options.length)}
          </summary>
          {others.map(row)}
        </details>
      )}
    </Group>
  )
}

function Bounds({
  name,
  min,
  max,
  unit,
}: {
  readonly name: string
  readonly min: number | undefined
  readonly max: number | undefined
  readonly unit: string
}) {
  return (
    <div className="grid grid-cols-2 gap-2">
      {(
        [
          ['min', texts.list.from, texts.list.noMinimum, min],
          ['max', texts.list.to, texts.list.noMaximum, max],
        ] as const
      ).map(([end, label, none, value]) => (
        <label key={end} className="text-[13px] text-muted">
          {label} ({unit})
          <input
            name={`${name}_${end}`}
            defaultValue={value === undefined ? '' : value.toLocaleString('pt-BR')}
            inputMode="numeric"
            autoComplete="off"
            placeholder={none}
            className={`${BOX} mt-1 text-ink placeholder:text-muted`}
          />
        </label>
      ))}
    </div>
  )
}

function Year({
  name,
  label,
  none,
  value,
}: {
  readonly name: string
  readonly label: string
  readonly none: string
  readonly value: number | undefined
}) {
  return (
    <label className="text-[13px] text-muted">
      {label}
      <select name={name} defaultValue={value ?? ''} className={`${BOX} mt-1 text-ink`}>
        <option value="">{none}</option>
        {YEARS.map((year) => (
          <option key={year}>{year}</option>
        ))}
      </select>
    </label>
  )
}
