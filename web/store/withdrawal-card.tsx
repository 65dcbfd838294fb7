/** Under a finished purchase: the button to withdraw from it, or the way to the return that was asked for. */
import { day } from '../formats.ts'
import { purchase as texts } from '../texts/purchase.pt-br.ts'
import { LinkButton } from '../ui/button.tsx'
import type { Withdrawal } from './withdrawal.ts'

export function WithdrawalCard({
  transaction_id,
  withdrawal,
}: {
  readonly transaction_id: string
  readonly withdrawal: Withdrawal
}) {
  const words = texts.withdrawal
  if (withdrawal.state === 'none') return null
  if (withdrawal.state !== 'open')
    return (
      <section className="panel mt-6 grid gap-4 p-5 lg:p-6">
        <p className="font-[650]">{withdrawal.state === 'returning' ? words.running : words.over}</p>
        <LinkButton to={`/devolucao/${withdrawal.return_id}`} wide>
          {withdrawal.state === 'returning' ? words.follow : words.see}
        </LinkButton>
      </section>
    )
  return (
    <section className="panel mt-6 p-5 lg:p-6">
      <h2 className="font-sans text-base font-[650] tracking-normal lg:text-base">{words.title}</h2>
      <p className="mt-1 mb-4 text-sm text-muted">
        {withdrawal.until ? words.until(day(withdrawal.until)) : words.open}
      </p>
      <LinkButton to={`/compra/${transaction_id}/desistir`} kind="danger" size="small" wide>
        {words.button}
      </LinkButton>
    </section>
  )
}
