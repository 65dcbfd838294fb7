/** Which passwords are taken: long ones that are not among those that everybody tries first. */

export const SHORTEST_PASSWORD = 10
export const LONGEST_PASSWORD = 128

/** `common`: lower case. Undefined when it may be used; else what is wrong, as a schema would say it. */
export function faultOf(password: string, common: ReadonlySet<string>): string | undefined {
  if ([...password].length < SHORTEST_PASSWORD) return `must NOT have fewer than ${SHORTEST_PASSWORD} characters`
  if (password.length > LONGEST_PASSWORD) return `must NOT have more than ${LONGEST_PASSWORD} characters`
  const lower = password.toLowerCase()
  if (new Set(lower).size < 4) return 'has too few different characters'
  // what people add when they are told to: digits and signs at either end
  const core = lower.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '')
  if (common.has(lower) || (core !== '' && common.has(core))) return 'is among the most common passwords'
  return undefined
}
