/** A customer's consents, and their requests about their data, with dates. */
import { useLoaderData } from 'react-router'
import { dayAndHour } from '../formats.ts'
import { customerRights as texts } from '../texts/office-rights.pt-br.ts'
import type { CustomerData } from './customer-data.ts'
import { Panel, State } from './parts.tsx'

export function Rights() {
  const { consents, erasure } = useLoaderData<CustomerData>()
  if (!consents) return null
  return (
    <Panel title={texts.title}>
      <h3 className="mb-1.5">{texts.consents}</h3>
      {consents.length === 0 && <p className="text-muted">{texts.noConsents}</p>}
      <ul className="grid gap-1.5">
        {consents.map(({ purpose, given, at, recorded_by }) => (
          <li key={purpose} className="flex items-start justify-between gap-4">
            <span className="min-w-0">
              {texts.purposes[purpose] ?? purpose}
              <span className="block text-xs text-muted">
                {dayAndHour(at)} · {recorded_by}
              </span>
            </span>
            <State name={given ? 'done' : 'ended'}>{given ? texts.given : texts.withdrawn}</State>
          </li>
        ))}
      </ul>
      <h3 className="mt-4 mb-1.5 border-t border-line pt-3">{texts.erasure}</h3>
      {erasure ? (
        <>
          <p className="flex items-start justify-between gap-4">
            <span className="text-muted">{texts.asked(dayAndHour(erasure.requested_at), erasure.requested_by)}</span>
            <State name={erasure.status === 'COMPLETED' ? 'done' : erasure.status === 'RETAINED' ? 'waits' : 'going'}>
              {texts.states[erasure.status]}
            </State>
          </p>
          {erasure.settle_first.length > 0 && <p className="mt-1.5 text-amber-ink">{texts.settleFirst}</p>}
          {erasure.person_erased.length > 0 && (
            <ul className="mt-1.5 text-xs text-muted">
              {erasure.person_erased.map(({ service, at }) => (
                <li key={service}>{texts.erasedAt(service, dayAndHour(at))}</li>
              ))}
            </ul>
          )}
        </>
      ) : (
        <p className="text-muted">{texts.noErasure}</p>
      )}
    </Panel>
  )
}
