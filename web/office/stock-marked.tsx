/** What can be done with the marked rows: a bar at the foot of the list, with how many, what happens, and the verbs. */
import { useState } from 'react'
import { Form, useFetcher, useNavigation } from 'react-router'
import { stock as texts } from '../texts/office-stock.pt-br.ts'
import { useScripts } from '../ui/scripts.ts'
import { Told } from './parts.tsx'
import type { StockOutcome } from './stock-acts.server.ts'
import { PRICES } from './stock-price.tsx'
import { Toast, Undo } from './toast.tsx'

/** The form that the rows' boxes belong to. */
export const MARKED = 'marcados'

const BUTTON =
  'inline-flex min-h-8 items-center rounded-[6px] border border-edge px-3 font-[550] whitespace-nowrap hover:bg-paper/15'

/** `count`: of marked rows; without scripts nobody counts them, and the bar is always there. */
export function MarkedBar({ count }: { readonly count: number }) {
  const hasScripts = useScripts()
  const { state } = useNavigation()
  const [much, setMuch] = useState('')
  const isBusy = state !== 'idle'
  const bar = (
    <Form method="post" id={MARKED} className="no-print sticky bottom-4 z-10 mt-4">
      <fieldset
        aria-label={texts.marked.title}
        className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-control bg-ink px-4 py-2.5 text-paper shadow-high"
      >
        <p className="min-w-0 flex-1 basis-52">
          <b role="status" className="font-semibold">
            {hasScripts ? texts.marked.count(count) : texts.marked.title}
          </b>
          <span className="block text-xs opacity-80">{texts.marked.about}</span>
        </p>
        <span className="flex flex-wrap items-center gap-2">
          {/* first: Enter in the field means its own button */}
          <input
            name="quanto"
            value={much}
            onChange={(event) => setMuch(event.target.value)}
            aria-label={texts.marked.much}
            placeholder={texts.marked.example}
            autoComplete="off"
            className="min-h-8 w-32 rounded-[6px] border border-edge bg-surface px-2.5 text-ink placeholder:text-muted"
          />
          <button type="submit" name="ato" value="preco" aria-disabled={isBusy} className={BUTTON}>
            {texts.marked.price}
          </button>
          <button type="submit" name="ato" value="retirar" aria-disabled={isBusy} className={BUTTON}>
            {texts.marked.withdraw}
          </button>
          <button type="submit" name="ato" value="anunciar" aria-disabled={isBusy} className={BUTTON}>
            {texts.marked.relist}
          </button>
        </span>
      </fieldset>
    </Form>
  )
  if (!hasScripts) return <noscript>{bar}</noscript>
  return count > 0 ? bar : null
}

/** What came of it: told with its undo, and what was refused by name and reason. */
export function MarkedDone({ bulk }: { readonly bulk: StockOutcome | undefined }) {
  const { data: single } = useFetcher<StockOutcome>({ key: PRICES })
  const latest = single && (!bulk || single.at > bulk.at) ? single : bulk
  if (!latest) return null
  const { at, kind, moved, asked, refused } = latest
  return (
    <>
      {refused.length > 0 && (
        <Told tone="warn">
          <p className="font-semibold">{texts.marked.refused(refused.length)}</p>
          <ul>
            {refused.map(({ id, name, why }) => (
              <li key={id}>
                {name}: {why}
              </li>
            ))}
          </ul>
        </Told>
      )}
      {asked > 0 && <Told tone="warn">{texts.marked.asked(asked)}</Told>}
      {kind && moved.length > 0 && (
        <Toast key={at} undo={<UndoMoved kind={kind} moved={moved} />}>
          {texts.marked.done[kind](moved.length)}
        </Toast>
      )}
    </>
  )
}

const BACK = { withdrawn: 'anunciar', relisted: 'retirar', priced: 'preco' } as const

function UndoMoved({ kind, moved }: Required<Pick<StockOutcome, 'kind' | 'moved'>>) {
  const given = moved.flatMap(({ id, before, after }): (readonly [string, string])[] => [
    ['id', String(id)],
    ...(before === undefined || after === undefined
      ? []
      : ([
          [`visto.${id}`, String(after)],
          [`preco.${id}`, amountSent(before)],
        ] as const)),
  ])
  return <Undo act={BACK[kind]} given={given} />
}

/** As it is typed: a comma before cents. */
const amountSent = (price: number) => String(price).replace('.', ',')
