/** The price in its cell: `E` or a press opens it, a line below says what changes, Enter writes, Esc leaves. */
import { useEffect, useRef, useState } from 'react'
import { useFetcher } from 'react-router'
import { amount } from '../formats.ts'
import { stock as texts } from '../texts/office-stock.pt-br.ts'
import { useScripts } from '../ui/scripts.ts'
import { percentOf } from './percent.ts'
import { priceAfter } from './price-change.ts'
import type { StockOutcome } from './stock-acts.server.ts'

interface Priced {
  readonly id: number
  readonly name: string
  readonly price: number
  readonly status: string
}

const EDITED = new Set(['preparation', 'available', 'withdrawn'])
/** All cells share one: the page tells what came of it. */
export const PRICES = 'precos'

export function PriceCell({ vehicle }: { readonly vehicle: Priced }) {
  const { id, name, price, status } = vehicle
  /** `left` by a key: the focus goes back to where it came from. */
  const [state, setState] = useState<'shut' | 'open' | 'left'>('shut')
  const hasScripts = useScripts()
  const opener = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (state === 'left') opener.current?.focus()
  }, [state])
  if (!hasScripts || !EDITED.has(status)) return <>{amount(price)}</>
  if (state !== 'open')
    return (
      <button
        ref={opener}
        type="button"
        data-tecla="e"
        aria-label={texts.editPrice(name, amount(price))}
        onClick={() => setState('open')}
        className="-mr-1.5 min-h-7 rounded-[6px] px-1.5 font-[550] hover:bg-sunken"
      >
        {amount(price)}
      </button>
    )
  return <Typed vehicle={{ id, name, price, status }} leave={setState} />
}

function Typed({
  vehicle: { id, name, price },
  leave,
}: {
  readonly vehicle: Priced
  readonly leave: (how: 'shut' | 'left') => void
}) {
  const fetcher = useFetcher<StockOutcome>({ key: PRICES })
  const [text, setText] = useState(amount(price))
  const field = useRef<HTMLInputElement>(null)
  const after = priceAfter(text, price)
  useEffect(() => {
    field.current?.focus()
    field.current?.select()
  }, [])
  return (
    <fetcher.Form
      method="post"
      onSubmit={() => leave('left')}
      onKeyDown={(event) => event.key === 'Escape' && leave('left')}
      className="relative ml-auto w-28"
    >
      <input type="hidden" name="ato" value="preco" />
      <input type="hidden" name="id" value={id} />
      <input type="hidden" name={`visto.${id}`} value={price} />
      <input
        ref={field}
        name={`preco.${id}`}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={() => leave('shut')}
        inputMode="decimal"
        autoComplete="off"
        aria-label={texts.newPrice(name)}
        aria-invalid={after === undefined}
        aria-describedby={`muda-${id}`}
        className="min-h-7 w-full rounded-[6px] border border-edge bg-surface px-1.5 text-right tabular-nums aria-invalid:border-red"
      />
      <span id={`muda-${id}`} aria-live="polite" className="block text-xs leading-3 font-normal text-muted">
        {changeOf(price, after)}
      </span>
    </fetcher.Form>
  )
}

function changeOf(before: number, after: number | undefined): string {
  if (after === undefined) return texts.noPrice
  if (after === before) return texts.samePrice
  return `${after > before ? '+' : '−'}${amount(Math.abs(after - before))} · ${percentOf(Math.abs(after - before), before)}`
}
