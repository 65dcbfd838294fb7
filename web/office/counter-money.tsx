/** The parts of a sale at the counter: a bar of all, a row for each, and the form for the next one. */
import { Form, useLoaderData, useNavigation } from 'react-router'
import { dayAndHour, exactAmount, exactMoney, money } from '../formats.ts'
import { counter as texts } from '../texts/office-counter.pt-br.ts'
import type { CounterSaleData } from './counter-data.ts'
import type { Part, Parts } from './counter-parts.ts'
import { Entry, Pick } from './fields.tsx'
import { useFormKey } from './form-key.ts'
import { Nothing, Panel, press, State } from './parts.tsx'

export function PartsPanel() {
  const { money: sums, saga, code, name, isOperator } = useLoaderData<CounterSaleData>()
  const first = name.split(' ')[0] ?? name
  if (!isOperator)
    return (
      <Panel title={texts.paying(first)}>
        <p className="text-muted">{saga.status === 'COMPLETED' ? texts.sold : texts.hidden}</p>
      </Panel>
    )
  if (!sums || !code)
    return (
      <Panel title={texts.paying(first)}>
        <p role="status" className="text-muted">
          {texts.waiting}
        </p>
      </Panel>
    )
  const isOpen = saga.current_step === 'PAYMENT_PROCESSING' && code.status === 'pending'
  return (
    <Panel
      title={texts.paying(first)}
      end={
        <span className="text-muted tabular-nums">
          {texts.sum} <b className="font-semibold text-ink">{money(sums.received + sums.promised)}</b> {texts.of}{' '}
          {money(sums.price)}
        </span>
      }
      flush
    >
      <Bar sums={sums} />
      {sums.parts.length === 0 && <Nothing>{texts.noParts}</Nothing>}
      <ul>
        {sums.parts.map((part) => (
          <Row key={part.id} part={part} isOpen={isOpen} />
        ))}
      </ul>
      {isOpen && sums.due > 0 && <NewPart due={sums.due} code={code.code} />}
      {saga.status === 'COMPLETED' && <p className="border-t border-line px-4 py-3 text-accent-ink">{texts.sold}</p>}
    </Panel>
  )
}

/** Tells the parts apart by pattern as well as by colour: received is solid, promised hatched, due empty. */
function Bar({ sums: { received, promised, due, price } }: { readonly sums: Parts }) {
  const share = (part: number) => `${(part / Math.max(price, received + promised)) * 100}%`
  const label = [
    `${texts.received} ${money(received)}`,
    `${texts.promised} ${money(promised)}`,
    `${texts.due} ${money(due)}`,
  ]
  return (
    <div className="border-b border-line p-4">
      <svg role="img" aria-label={label.join(', ')} width="100%" height="24" className="block">
        <defs>
          <pattern id="prometido" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect width="7" height="7" className="fill-accent-tint" />
            <rect width="3" height="7" className="fill-accent" />
          </pattern>
        </defs>
        <rect width="100%" height="24" rx="3" className="fill-amber-tint" />
        <rect width={share(received + promised)} height="24" rx="3" fill="url(#prometido)" />
        <rect width={share(received)} height="24" rx="3" className="fill-accent" />
      </svg>
      <p className="mt-1.5 flex flex-wrap gap-x-4 text-xs text-muted tabular-nums" aria-hidden="true">
        {label.map((one) => (
          <span key={one}>{one}</span>
        ))}
      </p>
    </div>
  )
}

const SHAPES = {
  received: 'done',
  promised: 'going',
  asked: 'waits',
  reversed: 'undone',
  cancelled: 'ended',
  refunding: 'going',
  refunded: 'undone',
} as const

function Row({ part, isOpen }: { readonly part: Part; readonly isOpen: boolean }) {
  const { id, amount, payment_method, state, reference, processed_at, paid_by, counts } = part
  const about = [reference, paid_by, dayAndHour(processed_at)].filter(Boolean).join(' · ')
  return (
    <li className="grid gap-x-4 gap-y-2 border-b border-line px-4 py-2.5 last:border-0 sm:grid-cols-[minmax(0,1fr)_auto_auto] sm:items-center">
      <span className="min-w-0">
        <b className="font-[550]">{texts.methods[payment_method] ?? payment_method}</b>
        <span className="block text-xs break-words text-muted">{about}</span>
      </span>
      <State name={SHAPES[state as keyof typeof SHAPES] ?? 'needs'}>{texts.partStates[state] ?? state}</State>
      <span className={`text-right font-[550] tabular-nums ${counts ? '' : 'text-muted line-through'}`}>
        {exactAmount(amount)}
      </span>
      {(state === 'promised' || (counts && isOpen)) && (
        <div className="flex flex-wrap items-end gap-2 sm:col-span-3">
          {state === 'promised' && (
            <Form method="post">
              <input type="hidden" name="parte" value={id} />
              <button type="submit" name="ato" value="recebi" className={press()}>
                {texts.received_button}
              </button>
            </Form>
          )}
          {isOpen && (
            <details className="min-w-0 flex-1">
              <summary className="inline-flex min-h-8 items-center px-1 font-[550] text-red hover:underline">
                {texts.reverse}
              </summary>
              <Form method="post" className="mt-1 flex flex-wrap items-end gap-2">
                <input type="hidden" name="parte" value={id} />
                <div className="min-w-48 flex-1">
                  <Entry
                    name="motivo"
                    label={texts.reverseWhy}
                    required
                    minLength={5}
                    maxLength={200}
                    autoComplete="off"
                  />
                </div>
                <button type="submit" name="ato" value="estornar" className={press('danger')}>
                  {texts.reverse} {exactMoney(amount)}
                </button>
              </Form>
            </details>
          )}
        </div>
      )}
    </li>
  )
}

const METHODS = ['pix', 'transfer', 'banknotes', 'card', 'financing', 'trade_in', 'deposit'] as const

function NewPart({ due, code }: { readonly due: number; readonly code: string }) {
  const key = useFormKey(useLoaderData<CounterSaleData>().key)
  const { state } = useNavigation()
  const words = texts.part
  return (
    <Form method="post" key={key} className="grid gap-3 border-t border-line bg-paper p-4">
      <input type="hidden" name="chave" value={key} />
      <input type="hidden" name="codigo_venda" value={code} />
      <h3>{words.title}</h3>
      <div className="grid gap-3 sm:grid-cols-3 sm:items-start">
        <Pick name="como" label={words.method}>
          {METHODS.map((one) => (
            <option key={one} value={one}>
              {texts.methods[one]}
            </option>
          ))}
        </Pick>
        <Entry
          name="valor"
          label={words.amount}
          hint={words.amountHint}
          defaultValue={exactAmount(due)}
          inputMode="decimal"
          autoComplete="off"
        />
        <Pick name="estado" label={words.state}>
          <option value="received">{words.states.received}</option>
          <option value="promised">{words.states.promised}</option>
        </Pick>
        <div className="sm:col-span-3">
          <Entry name="pix" label={words.pix} hint={words.pixHint} maxLength={32} autoComplete="off" />
        </div>
        <div className="sm:col-span-3">
          <Entry
            name="comprovante"
            label={words.reference}
            hint={words.referenceHint}
            maxLength={100}
            autoComplete="off"
          />
        </div>
      </div>
      <details>
        <summary className="inline-flex min-h-8 items-center font-[550] text-accent hover:underline">
          {words.trade}
        </summary>
        <div className="mt-1 grid gap-3 sm:grid-cols-3">
          <Entry name="avaliacao" label={words.valuation} inputMode="decimal" autoComplete="off" />
          <Entry name="debitos" label={words.debts} inputMode="decimal" autoComplete="off" />
          <Entry name="quitacao" label={words.lien} inputMode="decimal" autoComplete="off" />
        </div>
        <p className="mt-1 text-xs text-muted">{words.tradeHint}</p>
      </details>
      <details>
        <summary className="inline-flex min-h-8 items-center font-[550] text-accent hover:underline">
          {words.payer}
        </summary>
        <div className="mt-1 grid gap-3 sm:grid-cols-3">
          <Entry name="pagador" label={words.payerName} maxLength={100} autoComplete="off" />
          <Entry name="documento_pagador" label={words.payerDocument} maxLength={20} autoComplete="off" />
          <Entry name="porque" label={words.payerReason} maxLength={200} autoComplete="off" />
        </div>
        <p className="mt-1 text-xs text-muted">{words.payerHint}</p>
      </details>
      <div className="flex justify-end">
        <button type="submit" name="ato" value="lancar" className={press('main')} aria-disabled={state !== 'idle'}>
          {words.button}
        </button>
      </div>
    </Form>
  )
}
