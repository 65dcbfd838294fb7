/** What happened to a purchase, the newest first: how long each step took, how often it was asked, who decided. */
import { second, took } from '../formats.ts'
import type { Line } from '../store/story.ts'
import { sale as texts } from '../texts/office.pt-br.ts'
import { Panel } from './parts.tsx'
import { reasonName, stepName } from './standing.tsx'

export function History({ history }: { readonly history: readonly Line[] }) {
  const words = texts.columns
  const rows = history.map((line, index) => ({ ...line, index, took: tookOf(history, index) })).reverse()
  return (
    <Panel title={texts.happened} about={texts.newest} flush>
      <table className="w-full">
        <thead>
          <tr>
            <th>{words.at}</th>
            <th className="number max-sm:hidden">{words.took}</th>
            <th>{words.step}</th>
            <th>{words.what}</th>
            <th className="number">{words.attempt}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ at, step, what, reason, author, attempt, index, took: lasted }) => (
            <tr key={index}>
              <td className="text-muted tabular-nums">
                <time dateTime={at}>{second(at)}</time>
              </td>
              <td className="number text-muted max-sm:hidden">{lasted === undefined ? '' : took(lasted)}</td>
              <td className="font-[550]">{stepName(step)}</td>
              <td className="text-muted">
                {texts.whats[what] ?? <code className="text-xs break-all">{what}</code>}
                {reason && <span className="text-ink"> · {reasonName(reason)}</span>}
                {author && <span> · {texts.by(author)}</span>}
              </td>
              <td className="number text-muted">{attempt}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  )
}

/** Milliseconds until the next line; the last one still goes on, or is the end. */
function tookOf(history: readonly Line[], index: number): number | undefined {
  const [line, next] = [history[index], history[index + 1]]
  return line && next ? Date.parse(next.at) - Date.parse(line.at) : undefined
}
