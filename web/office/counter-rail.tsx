/** The steps of a sale at the counter, with the answers given so far. The present step is marked by shape and word. */
import { counter as texts } from '../texts/office-counter.pt-br.ts'
import { Icon } from '../ui/icon.tsx'

const STEPS = ['customer', 'vehicle', 'price', 'parts', 'contract', 'handover'] as const
export type CounterStep = (typeof STEPS)[number]

export function Rail({
  at,
  said,
}: {
  /** `done`: every step is finished. */
  readonly at: CounterStep | 'done'
  readonly said: Readonly<Partial<Record<CounterStep, string>>>
}) {
  const place = at === 'done' ? STEPS.length : STEPS.indexOf(at)
  return (
    <ol className="grid grid-cols-2 gap-1 sm:grid-cols-3 lg:grid-cols-1">
      {STEPS.map((step, index) => {
        const isDone = index < place
        const isNow = index === place
        return (
          <li
            key={step}
            aria-current={isNow ? 'step' : undefined}
            className={`flex min-w-0 gap-3 rounded-control border px-3 py-2.5 ${isNow ? 'border-line bg-surface' : 'border-transparent'}`}
          >
            <span
              aria-hidden="true"
              className={`grid size-5 flex-none place-items-center rounded-full text-[11px] font-semibold ${isDone ? 'bg-accent text-on-accent' : isNow ? 'bg-ink text-paper' : 'border border-edge text-muted'}`}
            >
              {isDone ? <Icon name="check" className="size-3.5" /> : index + 1}
            </span>
            <span className="min-w-0">
              <b className={`block font-semibold ${isDone || isNow ? '' : 'font-[550] text-muted'}`}>
                {texts.steps[step]}
              </b>
              <span className="block truncate text-xs text-muted">{said[step]}</span>
            </span>
          </li>
        )
      })}
    </ol>
  )
}
