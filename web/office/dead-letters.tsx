/** Messages that could not be handled: their content, the reason, and a button to try again. */
import { Form, Link, useLoaderData } from 'react-router'
import { office } from '../texts/office.pt-br.ts'
import { operation as texts } from '../texts/office-operation.pt-br.ts'
import type { Letter } from './every-service.server.ts'
import { Entry } from './fields.tsx'
import type { OperationData } from './operation-data.ts'
import { Nothing, Panel, press } from './parts.tsx'

export function DeadLetters() {
  const { deadLetters, now, admin } = useLoaderData<OperationData>()
  return (
    <Panel title={texts.dead} about={deadLetters.length > 0 ? texts.deadAbout : undefined} flush>
      {deadLetters.length === 0 && <Nothing>{texts.noDead}</Nothing>}
      <ul>
        {deadLetters.map((letter) => (
          <li
            key={`${letter.service}${letter.id}`}
            className="grid gap-x-5 gap-y-2 border-b border-line px-4 py-3 last:border-0 lg:grid-cols-[minmax(0,1fr)_auto]"
          >
            <Told letter={letter} since={office.ago(letter.parked_at, now)} />
            <Decide letter={letter} admin={admin} />
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function Told({
  letter: { service, subscription, reason, attempts, message },
  since,
}: {
  readonly letter: Letter
  readonly since: string
}) {
  return (
    <div className="min-w-0">
      <h3>{message.type}</h3>
      <p className="text-red-ink">{reason}</p>
      <p className="text-xs text-muted">
        {texts.names[service] ?? service} · {subscription} · {texts.deadColumns.tries.toLowerCase()}: {attempts} ·{' '}
        {since} ·{' '}
        <Link to={`/painel/vendas/${message.transaction_id}`} className="underline underline-offset-2 hover:text-ink">
          {texts.sale}
        </Link>
      </p>
      <details className="mt-1">
        <summary className="inline-flex min-h-6 items-center font-semibold text-accent">{texts.body}</summary>
        <pre className="mt-1 rounded-[6px] bg-sunken p-3 text-xs break-words whitespace-pre-wrap">
          {JSON.stringify(message.body, null, 2)}
        </pre>
      </details>
    </div>
  )
}

function Decide({ letter: { service, id, message }, admin }: { readonly letter: Letter; readonly admin: boolean }) {
  return (
    <div className="flex flex-wrap items-end gap-2 lg:justify-end">
      <Form method="post" title={texts.replayHelp}>
        <input type="hidden" name="servico" value={service} />
        <input type="hidden" name="id" value={id} />
        <button type="submit" name="ato" value="repetir" className={press('plain')}>
          {texts.replay}
          <span className="sr-only">: {message.type}</span>
        </button>
      </Form>
      {admin && (
        <Form method="post" className="flex items-end gap-2">
          <input type="hidden" name="servico" value={service} />
          <input type="hidden" name="id" value={id} />
          <Entry name="motivo" label={texts.why} required minLength={5} maxLength={200} autoComplete="off" />
          <button type="submit" name="ato" value="descartar" className={press('danger')}>
            {texts.discard}
          </button>
        </Form>
      )}
    </div>
  )
}
