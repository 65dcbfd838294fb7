/** Listens to keyboard shortcuts outside of fields, and lists them in a dialog. No key acts on money. */
import { useEffect, useRef } from 'react'
import { useNavigate } from 'react-router'
import { keys as texts } from '../texts/office-records.pt-br.ts'
import { actOf, type KeyAct } from './keys.ts'
import { press } from './parts.tsx'

/** Milliseconds that `G` waits for its second letter. */
const WAITS_MS = 1_200

export function Keys() {
  const dialog = useRef<HTMLDialogElement>(null)
  const navigate = useNavigate()
  useEffect(() => {
    let before: { readonly letter: 'g' | 'n'; readonly at: number } | undefined
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || dialog.current?.open) return
      const waits = before && performance.now() - before.at < WAITS_MS ? before.letter : undefined
      const act = actOf(event.key, waits)
      before = act?.kind === 'wait' ? { letter: act.after, at: performance.now() } : undefined
      if (!act || !did(act)) return
      event.preventDefault()
    }
    /** False: the page did not use the key, and the browser may. */
    const did = (act: KeyAct): boolean => {
      switch (act.kind) {
        case 'go':
          void navigate(act.to)
          return true
        case 'row':
          return walk(act.by)
        case 'filter':
          return focused('main [role=search] input, main form input[type=search], main form select')
        case 'mark':
          return marked()
        case 'offer':
          return offered(act.letter)
        case 'help':
          dialog.current?.showModal()
          return true
        default:
          return false // the browser opens the link that has the focus
      }
    }
    addEventListener('keydown', listen)
    return () => removeEventListener('keydown', listen)
  }, [navigate])
  return (
    <dialog
      ref={dialog}
      aria-labelledby="teclas"
      className="office m-auto w-full max-w-md rounded-panel border border-line bg-surface p-5 text-ink shadow-high backdrop:bg-veil"
    >
      <h2 id="teclas" className="mb-3">
        {texts.title}
      </h2>
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-1.5">
        {texts.list.map(([key, what]) => (
          <div key={key} className="contents">
            <dt>
              <kbd className="rounded-[4px] bg-sunken px-1.5 py-0.5 font-sans text-xs font-semibold">{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog" className="mt-4 flex justify-end">
        <button type="submit" className={press()}>
          {texts.close}
        </button>
      </form>
    </dialog>
  )
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable], dialog') !== null

function focused(selector: string): boolean {
  const field = document.querySelector<HTMLElement>(selector)
  field?.focus()
  return field !== null
}

const rowNow = () => document.activeElement?.closest('main tbody tr, main section li')

/** The box of the row that has the focus; a space on a button or a box of its own does what it does anywhere. */
function marked(): boolean {
  if (!(document.activeElement instanceof HTMLAnchorElement)) return false
  const box = rowNow()?.querySelector<HTMLInputElement>('[data-marca]')
  box?.click()
  return box !== null && box !== undefined
}

/**
 * Of the row that has the focus, else of the page: a field that opens is opened, of a form the first control gets the focus.
 * Its effects stand beside it, and only a press of its own button does them.
 */
function offered(letter: 'e' | 'r' | 'x'): boolean {
  const place = `[data-tecla=${letter}]`
  const inRow = rowNow()?.querySelector<HTMLElement>(place)
  const onPage = [...document.querySelectorAll<HTMLElement>(`main ${place}`)].find((one) => !one.closest('tbody, li'))
  const found = inRow ?? onPage
  if (found instanceof HTMLButtonElement) found.click()
  else found?.querySelector<HTMLElement>('input:not([type=hidden]), select, textarea, button')?.focus()
  return found !== undefined
}

/** Moves the focus to the link of the next or previous row, in tables and in the lists of panels. */
function walk(by: -1 | 1): boolean {
  const rows = [...document.querySelectorAll<HTMLElement>('main tbody tr, main section li')]
  const links = rows.flatMap((row) => row.querySelector<HTMLElement>('a[href]') ?? [])
  const at = links.indexOf(document.activeElement as HTMLElement)
  const next = links[at < 0 ? (by > 0 ? 0 : links.length - 1) : at + by]
  next?.focus()
  return next !== undefined
}
