/** A price as the eye should find it: the figure large, the currency small beside it. */
import { amount, exactAmount } from '../formats.ts'

export function Price({
  reais,
  className = 'text-[25px]',
  cents = false,
}: {
  readonly reais: number
  readonly className?: string
  readonly cents?: boolean
}) {
  return (
    <span className={`display whitespace-nowrap leading-none tabular-nums ${className}`}>
      <span className="mr-[.28em] text-[.58em] font-bold tracking-normal text-muted">R$</span>
      {cents ? exactAmount(reais) : amount(reais)}
    </span>
  )
}
