/** How long what is kept, as configured, and the chores that see to it. */
import type { Config } from '#platform/config'
import type { Periods } from '../domain/erasure.ts'

const DAY = 86_400_000

export const periodsOf = (config: Config): Periods => ({
  coaf: config.RETENTION_COAF_DAYS * DAY,
  fiscal: config.RETENTION_FISCAL_DAYS * DAY,
  claims: config.RETENTION_CLAIMS_DAYS * DAY,
})
