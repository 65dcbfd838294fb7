/** Between integer cents (code, database, messages) and reais (the HTTP wire). */
import type { Cents } from '#contracts'

/** The schema has already refused more than two decimals. */
export const toCents = (reais: number): Cents => Math.round(reais * 100)

export const toReais = (cents: Cents): number => cents / 100

const IN_CENTS = /_cents$/

/** Records for the wire: each `…_cents` becomes its amount in reais, under the name without it. */
export const inReais = (values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) =>
      IN_CENTS.test(name) && typeof value === 'number' ? [name.replace(IN_CENTS, ''), toReais(value)] : [name, value],
    ),
  )
