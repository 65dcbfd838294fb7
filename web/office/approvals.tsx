/** Requests that one person made and another decides: what, of whom, what it costs, and a yes or no with a reason. */
import { Form, Link, useLoaderData } from 'react-router'
import { dayAndHour } from '../formats.ts'
import { office, today } from '../texts/office.pt-br.ts'
import { operation as texts } from '../texts/office-operation.pt-br.ts'
import { linesOf } from './approval-lines.ts'
import type { Request } from './every-service.server.ts'
import { Entry } from './fields.tsx'
import { Panel, press } from './parts.tsx'

interface Waiting {
  readonly approvals: readonly Request[]
  readonly now: number
}

export function Approvals() {
  const { approvals, now } = useLoaderData<Waiting>()
  if (approvals.length === 0) return null
  return (
    <Panel title={texts.approvals} flush>
      <ul>
        {approvals.map((one) => (
          <li
            key={one.approval_id}
            className="grid gap-x-5 gap-y-3 border-b border-line px-4 py-3 last:border-0 lg:grid-cols-[minmax(0,1fr)_auto]"
          >
            <Asked one={one} now={now} />
            <Decide one={one} />
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function Asked({ one, now }: { readonly one: Request; readonly now: number }) {
  const { kind, subject, reason, asked_by, asked_at, expires_at } = one
  return (
    <div className="min-w-0">
      <h3>
        {today.approvalKinds[kind] ?? today.approval}
        {subject && (
          <>
            {': '}
            <Link to={subject.to} className="text-accent underline underline-offset-2">
              {subject.name}
            </Link>
          </>
        )}
      </h3>
      <dl className="my-1 grid grid-cols-[auto_minmax(0,1fr)] gap-x-4">
        {linesOf(one).map(({ name, value, before }) => (
          <div key={name} className="contents">
            <dt className="text-muted">{name}</dt>
            <dd className="break-words tabular-nums">
              {before && <span className="text-muted">{before} → </span>}
              <b className="font-semibold">{value}</b>
            </dd>
          </div>
        ))}
      </dl>
      {reason && <p>“{reason}”</p>}
      <p className="text-xs text-muted">
        {[today.askedBy(asked_by), office.ago(asked_at, now), texts.expires(dayAndHour(expires_at))].join(' · ')}
      </p>
    </div>
  )
}

function Decide({ one: { service, approval_id } }: { readonly one: Request }) {
  return (
    <Form method="post" className="grid grid-cols-2 items-end gap-2 sm:flex">
      <input type="hidden" name="servico" value={service} />
      <input type="hidden" name="id" value={approval_id} />
      <div className="col-span-2">
        <Entry name="motivo" label={texts.reason} maxLength={200} autoComplete="off" />
      </div>
      <button type="submit" name="ato" value="recusar" className={press('danger')}>
        {texts.reject}
      </button>
      <button type="submit" name="ato" value="aprovar" className={press('main')}>
        {texts.approve}
      </button>
    </Form>
  )
}
