/**
 * Things that wait for a person: purchases past their deadline, money that belongs to no sale, and money that the shop
 * owes.
 */
import { Form, Link, useLoaderData } from 'react-router'
import { exactMoney } from '../formats.ts'
import { office, today } from '../texts/office.pt-br.ts'
import { operation as texts } from '../texts/office-operation.pt-br.ts'
import { Entry, Pick } from './fields.tsx'
import type { OperationData } from './operation-data.ts'
import { Nothing, Panel, press } from './parts.tsx'
import { stepName } from './standing.tsx'

export function Late() {
  const { late, now } = useLoaderData<OperationData>()
  return (
    <Panel title={texts.late} about={texts.lateAbout} flush>
      {late.length === 0 && <Nothing>{texts.noLate}</Nothing>}
      <ul>
        {late.map(({ saga, attempt, deadline }) => (
          <li key={saga.transaction_id} className="border-b border-line last:border-0">
            <Link
              to={`/painel/vendas/${saga.transaction_id}`}
              className="flex justify-between gap-4 px-4 py-2 hover:bg-hover"
            >
              <span>
                <b className="font-[550]">
                  {saga.context.vehicle_brand} {saga.context.vehicle_model}
                </b>
                <span className="block text-xs text-muted">{texts.lateRow(stepName(saga.current_step), attempt)}</span>
              </span>
              <span className="text-amber-ink">{office.ago(deadline, now)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

export function Unmatched() {
  const { unmatched, now, admin } = useLoaderData<OperationData>()
  return (
    <Panel title={texts.unmatched} flush>
      {unmatched.length === 0 && <Nothing>{texts.noUnmatched}</Nothing>}
      <ul>
        {unmatched.map(({ id, amount, reason, received_at, transaction_id }) => (
          <li
            key={id}
            className="flex flex-wrap items-center justify-between gap-3 border-b border-line px-4 py-2.5 last:border-0"
          >
            <span className="min-w-0">
              <b className="font-[550] tabular-nums">{exactMoney(amount)}</b>
              <span className="block text-xs text-muted">
                {today.unmatchedWhy[reason]} {office.ago(received_at, now)}
                {transaction_id && (
                  <>
                    {' · '}
                    <Link to={`/painel/vendas/${transaction_id}`} className="underline underline-offset-2">
                      {texts.sale}
                    </Link>
                  </>
                )}
              </span>
            </span>
            {admin && (
              <Form method="post" title={texts.refundHelp}>
                <input type="hidden" name="id" value={id} />
                <button type="submit" name="ato" value="devolver" className={press('plain')}>
                  {texts.refund} {exactMoney(amount)}
                </button>
              </Form>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  )
}

export function Owed() {
  const { owed, names, now } = useLoaderData<OperationData>()
  return (
    <Panel title={texts.owed} flush>
      {owed.length === 0 && <Nothing>{texts.noOwed}</Nothing>}
      <ul>
        {owed.map(({ id, amount, reason, created_at, customer_id, transaction_id }) => (
          <li key={id} className="grid gap-2.5 border-b border-line px-4 py-3 last:border-0">
            <span>
              <b className="font-[550] tabular-nums">{exactMoney(amount)}</b> ·{' '}
              <Link to={`/painel/clientes/${customer_id}`} className="text-accent underline underline-offset-2">
                {names[customer_id] ?? office.unknownCustomer(customer_id)}
              </Link>
              <span className="block text-xs text-muted">
                {today.owedWhy[reason]} {office.ago(created_at, now)} ·{' '}
                <Link to={`/painel/vendas/${transaction_id}`} className="underline underline-offset-2">
                  {texts.sale}
                </Link>
              </span>
            </span>
            <Form method="post" className="grid gap-2 sm:grid-cols-[1fr_1fr_auto] sm:items-end">
              <input type="hidden" name="id" value={id} />
              <Pick name="como" label={texts.settleHow}>
                {Object.entries(texts.settleWays).map(([way, word]) => (
                  <option key={way} value={way}>
                    {word}
                  </option>
                ))}
              </Pick>
              <Entry name="comprovante" label={texts.reference} required maxLength={100} autoComplete="off" />
              <button type="submit" name="ato" value="devolvi" className={press('plain')}>
                {texts.settle}
              </button>
            </Form>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
