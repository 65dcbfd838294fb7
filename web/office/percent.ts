/** Shares as people read them, and amounts as they type them. */
import { amountTyped } from '#platform/typed-numbers'

const percent = new Intl.NumberFormat('pt-BR', { maximumFractionDigits: 1 })

/** `9,1 %`; empty if the whole is zero. */
export const percentOf = (part: number, whole: number): string =>
  whole === 0 ? '' : `${percent.format((part / whole) * 100)} %`

/** The amount that was typed into a field; undefined if it is none. */
export const amountIn = (text: FormDataEntryValue | null): number | undefined => amountTyped(String(text ?? ''))
