/** Which passwords are accepted: long ones that are not among the most common. */

export const SHORTEST_PASSWORD = 10
export const LONGEST_PASSWORD = 128

/** `common`: in lower case. Undefined when the password may be used; else the fault, as a schema would word it. */
export function faultOf(password: string, common: ReadonlySet<string>): string | undefined {
  if ([...password].length < SHORTEST_PASSWORD) return `must NOT have fewer than ${SHORTEST_PASSWORD} characters`
  if (password.length > LONGEST_PASSWORD) return `must NOT have more than ${LONGEST_PASSWORD} characters`
  const lower = password.toLowerCase()
  if (new Set(lower).size < 4) return 'has too few different characters'
  // people add digits and signs at either end when they are told to
  const core = lower.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '')
  if (common.has(lower) || (core !== '' && common.has(core))) return 'is among the most common passwords'
  return undefined
}
