/** Between integer cents (code, database, messages) and reais (the HTTP wire). */
import type { Cents } from '#contracts'

/** The schema has already refused more than two decimals. */
export const toCents = (reais: number): Cents => Math.round(reais * 100)

export const toReais = (cents: Cents): number => cents / 100
