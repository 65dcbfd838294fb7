/** How old the last backup is, and what is wrong with it where something is. */
import { useLoaderData } from 'react-router'
import { dayAndHour } from '../formats.ts'
import { office } from '../texts/office.pt-br.ts'
import { backup as texts } from '../texts/office-operation.pt-br.ts'
import type { OperationData } from './operation-data.ts'
import { Panel, State } from './parts.tsx'

const DAY_MS = 86_400_000

export function Backup() {
  const { backup, now } = useLoaderData<OperationData>()
  if (!backup) return null
  const { kept_by, last } = backup
  if (kept_by === 'the_database_server')
    return (
      <Panel title={texts.title}>
        <p className="text-muted">{texts.elsewhere}</p>
      </Panel>
    )
  if (!last)
    return (
      <Panel title={texts.title}>
        <State name="needs">{texts.none}</State>
        <p className="mt-1 text-muted">
          {texts.how} <code className="text-xs">{texts.command}</code>
        </p>
      </Panel>
    )
  const isOld = now - Date.parse(last.at) > DAY_MS
  const worries = [isOld && texts.old, last.same_disk && texts.sameDisk, !last.with_keys && texts.noKeys]
  return (
    <Panel title={texts.title}>
      <State name={isOld ? 'waits' : 'done'}>{office.ago(last.at, now)}</State>
      <p className="mt-1 text-muted">
        {dayAndHour(last.at)} · {texts.size(last.databases, last.bytes)}
      </p>
      {worries.map((worry) => worry && <p key={worry}>{worry}</p>)}
    </Panel>
  )
}
