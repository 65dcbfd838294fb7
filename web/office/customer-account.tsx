/** A customer's account: its balance and credit, every movement, and the form for a new one. */
import { Link, useLoaderData } from 'react-router'
import type { StatementEntry } from '../../clients/typescript/operations.ts'
import { dayAndHour, exactMoney } from '../formats.ts'
import { account as storeTexts } from '../texts/account.pt-br.ts'
import { customer as texts } from '../texts/office-people.pt-br.ts'
import { Act } from './act.tsx'
import type { CustomerData } from './customer-data.ts'
import { Entry, Pick } from './fields.tsx'
import { useFormKey } from './form-key.ts'
import { Nothing, Panel } from './parts.tsx'

export function Balance() {
  const { customer } = useLoaderData<CustomerData>()
  const { account_balance, available_credit, used_credit, credit_limit } = customer
  return (
    <dl className="grid grid-cols-2 overflow-hidden rounded-control border border-line bg-surface">
      <div className="border-r border-line px-4 py-3">
        <dt className="text-xs text-muted">{texts.balance}</dt>
        <dd className="display mt-1 text-[22px] tabular-nums">{exactMoney(account_balance)}</dd>
      </div>
      <div className="px-4 py-3">
        <dt className="text-xs text-muted">{texts.credit}</dt>
        <dd className="display mt-1 text-[22px] tabular-nums">{exactMoney(available_credit)}</dd>
        <dd className="mt-1 text-xs text-muted">{texts.used(used_credit, credit_limit)}</dd>
      </div>
    </dl>
  )
}

export function Statement({ entries }: { readonly entries: readonly StatementEntry[] }) {
  const words = storeTexts.statement
  return (
    <Panel title={texts.statement} flush>
      {entries.length === 0 && <Nothing>{texts.noStatement}</Nothing>}
      <ul>
        {entries.map(({ at, kind, account, amount, balance_after, credit_after, transaction_id, author, reason }) => (
          <li
            key={`${at}${account}${amount}`}
            className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 border-b border-line px-4 py-2 last:border-0"
          >
            <span>
              <b className="font-[550]">{words.kinds[kind] ?? kind}</b>
              <span className="text-muted"> · {words.account[account]}</span>
              {reason && <span className="text-muted"> · {reason}</span>}
            </span>
            <span className={`text-right font-[550] tabular-nums ${amount > 0 ? 'text-accent' : ''}`}>
              {exactMoney(amount)}
            </span>
            <span className="text-xs text-muted">
              {dayAndHour(at)}
              {author && ` · ${texts.by(author)}`}
              {transaction_id && (
                <>
                  {' · '}
                  <Link to={`/painel/vendas/${transaction_id}`} className="underline underline-offset-2 hover:text-ink">
                    {words.purchase}
                  </Link>
                </>
              )}
            </span>
            <span className="text-right text-xs text-muted tabular-nums">
              {words.after} {exactMoney(account === 'balance' ? balance_after : credit_after)}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

export function AccountActs() {
  const { customer, key: fresh } = useLoaderData<CustomerData>()
  const key = useFormKey(fresh)
  const { adjust, block, unblock } = texts
  return (
    <Panel key={key} flush>
      <Act act="lancar" kind="main" words={adjust}>
        <input type="hidden" name="chave" value={key} />
        <Pick name="tipo" label={adjust.kind}>
          {Object.entries(adjust.kinds).map(([kind, word]) => (
            <option key={kind} value={kind}>
              {word}
            </option>
          ))}
        </Pick>
        <Entry
          name="valor"
          label={adjust.amount}
          hint={adjust.amountHint}
          inputMode="text"
          required
          autoComplete="off"
        />
        <Pick name="meio" label={adjust.method}>
          <option value="">{adjust.noMethod}</option>
          {Object.entries(adjust.methods).map(([method, word]) => (
            <option key={method} value={method}>
              {word}
            </option>
          ))}
        </Pick>
        <Entry name="motivo" label={adjust.reason} required minLength={5} maxLength={200} autoComplete="off" />
        <Entry name="comprovante" label={adjust.reference} maxLength={100} autoComplete="off" />
      </Act>
      {customer.status === 'blocked' ? (
        <Act act="desbloquear" kind="plain" words={unblock} />
      ) : (
        <Act act="bloquear" kind="danger" words={block}>
          <Entry name="motivo" label={block.reason} required minLength={5} maxLength={200} autoComplete="off" />
        </Act>
      )}
    </Panel>
  )
}
