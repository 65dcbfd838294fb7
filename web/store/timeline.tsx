/** The steps of a purchase or a return, each with its state in a shape, a word, and then a colour. */
import { hour } from '../formats.ts'
import { texts } from '../texts/index.ts'
import { Icon, type IconName } from '../ui/icon.tsx'
import type { StepState, StoryStep } from './story.ts'

export type ToldStep = StoryStep & { readonly title: string; readonly help: string }

const MARKS: Readonly<Record<StepState, readonly [IconName | undefined, string]>> = {
  done: ['check', 'border-accent bg-accent text-on-accent'],
  now: [undefined, 'border-ink bg-surface text-ink ring-6 ring-sunken'],
  next: [undefined, 'border-line bg-surface'],
  failed: ['close', 'border-red bg-red-tint text-red'],
  stopped: ['close', 'border-edge bg-sunken text-muted'],
  undoing: [undefined, 'border-ink bg-surface text-ink ring-6 ring-sunken'],
  undone: ['back', 'border-accent bg-surface text-accent'],
  stuck: ['wrench', 'border-amber bg-amber-tint text-amber-ink'],
}

export function Timeline({ steps }: { readonly steps: readonly ToldStep[] }) {
  return (
    <ol>
      {steps.map(({ step, state, at, title, help }) => {
        const isNow = state === 'now' || state === 'undoing'
        return (
          <li
            key={step}
            aria-current={isNow ? 'step' : undefined}
            className={`relative min-h-16 pb-7 pl-13 before:absolute before:top-8 before:bottom-0 before:left-[15px] before:w-0.5 last:min-h-0 last:pb-0 last:before:hidden ${state === 'done' || state === 'undone' ? 'before:bg-accent' : 'before:bg-line'}`}
          >
            <Mark state={state} />
            <div className="flex justify-between gap-3 pt-1">
              <h3 className={state === 'next' ? 'text-muted' : ''}>{title}</h3>
              {at && (
                <time dateTime={at} className="text-sm whitespace-nowrap text-muted tabular-nums">
                  {isNow ? texts.now : hour(at)}
                </time>
              )}
            </div>
            {help && <p className="mt-1 text-[15px] text-muted">{help}</p>}
          </li>
        )
      })}
    </ol>
  )
}

function Mark({ state }: { readonly state: StepState }) {
  const [icon, look] = MARKS[state]
  return (
    <span className={`absolute top-0 left-0 grid size-8 place-items-center rounded-full border-2 ${look}`}>
      {icon && <Icon name={icon} className="size-4 stroke-[2.4]" />}
      {(state === 'now' || state === 'undoing') && <span className="size-2.5 animate-breathe rounded-full bg-ink" />}
    </span>
  )
}
