/** Requests that one person made and another decides: the request, its author and reason, and a yes or no with a reason. */
import { Form, useLoaderData } from 'react-router'
import { dayAndHour } from '../formats.ts'
import { office, today } from '../texts/office.pt-br.ts'
import { operation as texts } from '../texts/office-operation.pt-br.ts'
import { Entry } from './fields.tsx'
import type { OperationData } from './operation-data.ts'
import { Panel, press } from './parts.tsx'

export function Approvals() {
  const { approvals, now } = useLoaderData<OperationData>()
  if (approvals.length === 0) return null
  return (
    <Panel title={texts.approvals} flush>
      <ul>
        {approvals.map(({ approval_id, service, kind, request, reason, asked_by, asked_at, expires_at }) => (
          <li
            key={approval_id}
            className="grid gap-x-5 gap-y-2 border-b border-line px-4 py-3 last:border-0 lg:grid-cols-[minmax(0,1fr)_auto]"
          >
            <div className="min-w-0">
              <h3>{today.approvalKinds[kind] ?? today.approval}</h3>
              <p>
                {Object.entries(request)
                  .map(([name, value]) => `${name}: ${String(value)}`)
                  .join(' · ')}
              </p>
              <p className="text-xs text-muted">
                {[today.askedBy(asked_by), reason, office.ago(asked_at, now), texts.expires(dayAndHour(expires_at))]
                  .filter(Boolean)
                  .join(' · ')}
              </p>
            </div>
            <Form method="post" className="flex flex-wrap items-end gap-2">
              <input type="hidden" name="servico" value={service} />
              <input type="hidden" name="id" value={approval_id} />
              <Entry name="motivo" label={texts.reason} maxLength={200} autoComplete="off" />
              <button type="submit" name="ato" value="recusar" className={press('danger')}>
                {texts.reject}
              </button>
              <button type="submit" name="ato" value="aprovar" className={press('main')}>
                {texts.approve}
              </button>
            </Form>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
