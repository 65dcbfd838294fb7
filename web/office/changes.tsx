/** The journal of a record: who did what, and when. */
import type { HistoryEntry } from '../../clients/typescript/operations.ts'
import { dayAndHour } from '../formats.ts'
import { office } from '../texts/office.pt-br.ts'
import { actName, fieldName } from '../texts/office-acts.pt-br.ts'
import { fieldValue } from './field-value.ts'
import { Nothing, Panel } from './parts.tsx'

export function Changes({
  title,
  none,
  history,
}: {
  readonly title: string
  readonly none: string
  readonly history: readonly HistoryEntry[]
}) {
  return (
    <Panel title={title} flush>
      {history.length === 0 && <Nothing>{none}</Nothing>}
      <ul>
        {history.map(({ entry, at, author, act, reason, before, after }) => (
          <li key={entry} className="grid gap-0.5 border-b border-line px-4 py-2 last:border-0 sm:grid-cols-[1fr_auto]">
            <span>
              <b className="font-[550]">{actName(act)}</b>
              {reason && <span className="text-muted"> · {reason}</span>}
              <span className="block text-xs text-muted">{changed(before, after)}</span>
            </span>
            <span className="text-xs text-muted sm:text-right">
              {dayAndHour(at)}
              <span className="block">{office.by(author)}</span>
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

/** `Preço: R$ 62.900 → R$ 60.000`, for each field that has changed. */
function changed(before: HistoryEntry['before'], after: HistoryEntry['after']): string {
  if (!before || !after) return ''
  const moved = Object.keys(after).filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
  return moved
    .map((name) => `${fieldName(name)}: ${fieldValue(name, before[name])} → ${fieldValue(name, after[name])}`)
    .join(' · ')
}
