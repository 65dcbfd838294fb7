/** Shares as people read them, and amounts as they type them. */
import { amountTyped } from '#platform/typed-numbers'

const percent = new Intl.NumberFormat('pt-BR', { maximumFractionDigits: 1 })

/** `9,1 %`; of nothing, nothing. */
export const percentOf = (part: number, whole: number): string =>
  whole === 0 ? '' : `${percent.format((part / whole) * 100)} %`

/** Of a field of a form, as typed; undefined: it is no amount. */
export const amountIn = (text: FormDataEntryValue | null): number | undefined => amountTyped(String(text ?? ''))
