/** The panels of money received, promised, and owed by buyers. */
import { Form, Link, useLoaderData } from 'react-router'
import type { Payment } from '../../clients/typescript/operations.ts'
import { day, exactAmount, exactMoney, hour } from '../formats.ts'
import { counter } from '../texts/office-counter.pt-br.ts'
import { money as texts } from '../texts/office-money.pt-br.ts'
import { operation } from '../texts/office-operation.pt-br.ts'
import { Entry, Pick } from './fields.tsx'
import type { MoneyData } from './money-data.ts'
import { Nothing, Panel, press } from './parts.tsx'

const useMoney = () => useLoaderData<MoneyData>()
const LINK = 'text-accent underline underline-offset-2'
const ITEM = 'grid gap-2.5 border-b border-line px-4 py-3 last:border-0'

/** The money received, by its way: people compare it with the till and the bank. */
export function Came() {
  const { came } = useMoney()
  const ways = new Map<string, number>()
  for (const { payment_method, amount } of came) {
    const before = ways.get(payment_method) ?? 0
    ways.set(payment_method, before + Math.round(amount * 100))
  }
  return (
    <Panel title={texts.today} flush>
      {came.length === 0 && <Nothing>{texts.noToday}</Nothing>}
      <dl>
        {[...ways].map(([way, cents]) => (
          <div key={way} className="flex justify-between gap-4 border-b border-line px-4 py-2">
            <dt className="font-[550]">{counter.methods[way] ?? way}</dt>
            <dd className="font-semibold tabular-nums">{exactMoney(cents / 100)}</dd>
          </div>
        ))}
      </dl>
      <ul>
        {came.map((payment) => (
          <li key={payment.id} className="flex justify-between gap-4 border-b border-line px-4 py-1.5 last:border-0">
            <span className="text-muted">
              {hour(payment.processed_at)} · {counter.methods[payment.payment_method] ?? payment.payment_method} ·{' '}
              <SaleOf payment={payment} />
            </span>
            <span className="tabular-nums">{exactAmount(payment.amount)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

const SaleOf = ({ payment }: { readonly payment: Pick<Payment, 'transaction_id'> }) => (
  <Link to={`/painel/vendas/${payment.transaction_id}`} className={LINK}>
    {texts.sale}
  </Link>
)

export function Promised() {
  const { promised, today } = useMoney()
  return (
    <Panel title={texts.promised} about={texts.promisedAbout} flush>
      {promised.length === 0 && <Nothing>{texts.noPromised}</Nothing>}
      <ul>
        {promised.map((payment) => (
          <li key={payment.id} className={ITEM}>
            <span className="flex flex-wrap items-center justify-between gap-2">
              <span>
                <b className="font-[550] tabular-nums">{exactMoney(payment.amount)}</b>{' '}
                <span className="text-muted">
                  {counter.methods[payment.payment_method] ?? payment.payment_method} · {day(payment.created_at)} ·{' '}
                  <SaleOf payment={payment} />
                </span>
              </span>
              <Form method="post">
                <input type="hidden" name="id" value={payment.id} />
                <button type="submit" name="ato" value="veio" className={press()}>
                  {texts.receive}
                </button>
              </Form>
            </span>
            <details>
              <summary className="inline-flex min-h-7 items-center font-[550] text-red hover:underline">
                {texts.fail}
              </summary>
              <Form method="post" className="mt-1 grid gap-2 sm:grid-cols-[1fr_150px_auto] sm:items-end">
                <input type="hidden" name="id" value={payment.id} />
                <Entry name="motivo" label={texts.failWhy} required minLength={5} maxLength={200} autoComplete="off" />
                <Entry name="ate" type="date" label={texts.failUntil} required min={today} />
                <button type="submit" name="ato" value="nao_vem" className={press('danger')}>
                  {texts.fail}
                </button>
                <p className="text-xs text-muted sm:col-span-3">{texts.failHelp}</p>
              </Form>
            </details>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

const WAYS = ['transfer', 'pix', 'banknotes', 'card'] as const

export function Debts() {
  const { debts, today } = useMoney()
  return (
    <Panel title={texts.debts} flush>
      {debts.length === 0 && <Nothing>{texts.noDebts}</Nothing>}
      <ul>
        {debts.map((debt) => (
          <li key={debt.id} className={ITEM}>
            <span>
              <b className="font-[550] tabular-nums">{exactMoney(debt.amount)}</b>{' '}
              <span className={debt.due_on < today ? 'font-semibold text-red' : 'text-muted'}>
                {debt.due_on < today && `${texts.late} · `}
                {texts.dueOn(day(`${debt.due_on}T12:00:00Z`))}
              </span>{' '}
              · <SaleOf payment={debt} />
            </span>
            <Form method="post" className="grid gap-2 sm:grid-cols-[1fr_1fr_auto] sm:items-end">
              <input type="hidden" name="id" value={debt.id} />
              <Pick name="como" label={operation.settleHow}>
                {WAYS.map((one) => (
                  <option key={one} value={one}>
                    {operation.settleWays[one]}
                  </option>
                ))}
              </Pick>
              <Entry name="comprovante" label={operation.reference} required maxLength={100} autoComplete="off" />
              <button type="submit" name="ato" value="pagou" className={press()}>
                {texts.settleDebt}
              </button>
            </Form>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
