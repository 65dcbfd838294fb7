/**
 * A saga as a drawing from its definition: the way forward above, the undo of each step below it, the point of no return
 * between. Upright on narrow screens. It is a list, and says each state in words too.
 */
import { second } from '../formats.ts'
import { sale as texts } from '../texts/office.pt-br.ts'
import { Icon, type IconName } from '../ui/icon.tsx'
import type { Box, BoxState, Chart, Stage } from './chart.ts'
import { reasonName, stepName } from './standing.tsx'

// biome-ignore format: a row a state
const LOOKS: Readonly<Record<BoxState, readonly [IconName | undefined, string]>> = {
  done:     ['check',   'border-accent bg-surface'],
  now:      [undefined, 'border-2 border-info bg-info-tint ring-4 ring-info-tint'],
  next:     [undefined, 'border-dashed border-edge bg-surface text-muted'],
  failed:   ['close',   'border-red bg-red-tint'],
  stopped:  ['close',   'border-amber bg-amber-tint'],
  undoing:  [undefined, 'border-2 border-amber bg-amber-tint ring-4 ring-amber-tint'],
  undone:   ['back',    'border-slate bg-slate-tint'],
  stuck:    ['warning', 'border-2 border-red bg-red-tint ring-4 ring-red-tint'],
  idle:     [undefined, 'border-dashed border-line bg-surface text-muted'],
}

export function SagaDrawing({ chart }: { readonly chart: Chart }) {
  return (
    <ol className="grid gap-3 lg:auto-cols-fr lg:grid-flow-col lg:grid-rows-[auto_auto] lg:gap-x-7 lg:gap-y-8">
      {chart.stages.map((stage, index) => (
        <StageCells key={stage.name} stage={stage} isLast={index === chart.stages.length - 1} />
      ))}
    </ol>
  )
}

function StageCells({ stage, isLast }: { readonly stage: Stage; readonly isLast: boolean }) {
  const arrow = isLast
    ? ''
    : `after:absolute after:bottom-8 after:left-full after:w-7 max-lg:after:hidden ${stage.state === 'done' ? 'after:border-t-2 after:border-accent' : 'after:border-t after:border-dashed after:border-edge'}`
  return (
    <li className="grid gap-2 max-lg:grid-cols-2 max-lg:items-stretch lg:row-span-2 lg:grid-rows-subgrid lg:gap-y-8">
      <div className={`relative flex flex-col justify-end ${arrow}`}>
        {stage.isPivot && (
          <p className="mb-1.5 w-max rounded-[3px] bg-ink px-2 py-0.5 text-[11px] font-semibold text-paper">
            {texts.pivot}
          </p>
        )}
        <BoxView box={stage} />
      </div>
      {stage.undo ? (
        <div className="relative before:absolute before:-top-8 before:left-1/2 before:h-8 before:border-l before:border-dashed before:border-edge max-lg:before:hidden">
          <BoxView box={stage.undo} />
        </div>
      ) : (
        <div className="max-lg:hidden" />
      )}
    </li>
  )
}

function BoxView({ box: { name, state, at, attempts, reason } }: { readonly box: Box }) {
  const [icon, look] = LOOKS[state]
  const isLit = state === 'now' || state === 'undoing' || state === 'stuck'
  const showsReason = reason !== undefined && (state === 'failed' || state === 'stuck')
  return (
    <div
      aria-current={isLit ? 'step' : undefined}
      className={`grid min-h-16 content-start gap-0.5 rounded-control border px-3 py-2 ${look}`}
    >
      <span className="truncate text-[10.5px] tracking-wide text-muted">{name}</span>
      <b className="flex items-center gap-1.5 font-[620]">
        {icon && <Icon name={icon} className="size-4" />}
        {isLit && state !== 'stuck' && <span className="size-2 animate-breathe rounded-full bg-current" />}
        {stepName(name)}
      </b>
      <span className="text-xs">
        {texts.states[state]}
        {at && state !== 'next' && ` · ${second(at)}`}
        {attempts > 1 && ` · ${texts.attempt(attempts)}`}
      </span>
      {showsReason && <span className="text-xs font-semibold text-red-ink">{reasonName(reason)}</span>}
    </div>
  )
}
