/** Closes a day with the counted money, or a month once its days are closed, and lists the closings. */
import { useLoaderData } from 'react-router'
import type { Closing } from '../../clients/typescript/operations.ts'
import { day, exactAmount } from '../formats.ts'
import { money as texts } from '../texts/office-money.pt-br.ts'
import { Act } from './act.tsx'
import { Entry } from './fields.tsx'
import type { MoneyData } from './money-data.ts'
import { Nothing, Panel } from './parts.tsx'

export function Closings() {
  const { closings, today, key } = useLoaderData<MoneyData>()
  const words = texts.closeDay
  return (
    <>
      <Panel key={key} flush>
        <Act act="fechar_dia" kind="main" words={words}>
          <input type="hidden" name="chave" value={`${key}-d`} />
          <div className="grid gap-2.5 sm:grid-cols-3">
            <Entry name="dia" type="date" label={words.date} defaultValue={today} max={today} required />
            <Entry name="contado" label={words.counted} required inputMode="decimal" autoComplete="off" />
            <Entry name="troco" label={words.float} inputMode="decimal" autoComplete="off" />
            <Entry name="retirado" label={words.withdrawn} inputMode="decimal" autoComplete="off" />
            <div className="sm:col-span-2">
              <Entry name="retirado_motivo" label={words.withdrawnWhy} maxLength={200} autoComplete="off" />
            </div>
            <div className="sm:col-span-3">
              <Entry name="motivo" label={words.reason} maxLength={200} autoComplete="off" />
            </div>
          </div>
        </Act>
        <Act act="fechar_mes" kind="plain" words={texts.closeMonth}>
          <input type="hidden" name="chave" value={`${key}-m`} />
          <Entry name="mes" type="month" label={texts.closeMonth.month} max={today.slice(0, 7)} required />
        </Act>
      </Panel>
      <Panel title={texts.closings} flush>
        {closings.length === 0 ? <Nothing>{texts.noClosings}</Nothing> : <Rows closings={closings} />}
      </Panel>
    </>
  )
}

function Rows({ closings }: { readonly closings: readonly Closing[] }) {
  const words = texts.columns
  return (
    <table className="w-full">
      <thead>
        <tr>
          <th>{words.period}</th>
          <th className="number">{words.totals}</th>
          <th className="number max-sm:hidden">{words.expected}</th>
          <th className="number max-sm:hidden">{words.counted}</th>
          <th className="number">{words.difference}</th>
        </tr>
      </thead>
      <tbody>
        {closings.map((closing) => {
          const { id, kind, period, totals, expected, counted, difference = 0, closed_by, reason } = closing
          const sum = Object.values(totals).reduce<number>((all, one) => all + Math.round(Number(one) * 100), 0) / 100
          return (
            <tr key={id}>
              <td>
                <b className="font-[550]">{kind === 'day' ? day(`${period}T12:00:00Z`) : period}</b>
                <span className="block text-xs text-muted">{[closed_by, reason].filter(Boolean).join(' · ')}</span>
              </td>
              <td className="number">{exactAmount(sum)}</td>
              <td className="number max-sm:hidden">{expected === undefined ? '' : exactAmount(expected)}</td>
              <td className="number max-sm:hidden">{counted === undefined ? '' : exactAmount(counted)}</td>
              <td className={`number ${difference === 0 ? 'text-muted' : 'font-semibold text-red'}`}>
                {exactAmount(difference)}
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
