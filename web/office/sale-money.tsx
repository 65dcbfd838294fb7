/** The money of a purchase: the amount asked for, the payments, the refunds, and the amount that the shop still owes. */
import type { OwedItem, Payment, PaymentCode } from '../../clients/typescript/operations.ts'
import { dayAndHour, exactMoney } from '../formats.ts'
import { office, sale as texts } from '../texts/office.pt-br.ts'
import { Nothing, Panel } from './parts.tsx'

export interface MoneyParts {
  readonly codes: readonly PaymentCode[]
  readonly payments: readonly Payment[]
  readonly owed: readonly OwedItem[]
}

export function Money({ money: { codes, payments, owed } }: { readonly money: MoneyParts }) {
  const rows = [
    ...codes.map(({ id, amount, status, created_at, payment_type }) => ({
      key: `code-${id}`,
      name: `${texts.code} · ${office.ways[payment_type]}`,
      state: texts.codeStates[status] ?? status,
      at: created_at,
      amount,
      isOwed: false,
    })),
    ...payments.map(({ id, amount, status, processed_at, created_at }) => ({
      key: `payment-${id}`,
      name: texts.payment,
      state: texts.paymentStates[status] ?? status,
      at: processed_at ?? created_at,
      amount,
      isOwed: false,
    })),
    ...owed
      .filter(({ settled_at }) => !settled_at)
      .map(({ id, amount, created_at }) => ({
        ...{ key: `owed-${id}`, name: texts.owed, state: '', at: created_at, amount, isOwed: true },
      })),
  ]
  return (
    <Panel title={texts.money} flush>
      {rows.length === 0 && <Nothing>{texts.noMoney}</Nothing>}
      <ul>
        {rows.map(({ key, name, state, at, amount, isOwed }) => (
          <li
            key={key}
            className="flex items-center justify-between gap-4 border-b border-line px-4 py-2 last:border-0"
          >
            <span>
              <b className={`font-[550] ${isOwed ? 'text-red' : ''}`}>{name}</b>
              <span className="block text-xs text-muted">{[state, dayAndHour(at)].filter(Boolean).join(' · ')}</span>
            </span>
            <span className={`font-[550] tabular-nums ${isOwed ? 'text-red' : ''}`}>{exactMoney(amount)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
