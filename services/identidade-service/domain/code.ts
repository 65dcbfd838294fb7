/** Codes of six digits that are sent to an address: how long they live, how often they may be guessed. */

export const CODE_LIVES_MS = 600_000
export const CODE_TRIES = 5

export interface StoredCode {
  readonly code_hash: string
  readonly tries_left: number
  readonly expires_at: Date
  readonly used_at: Date | null
}

/** `hash` is the hash of the typed code. Every try counts, right or wrong; the last wrong one ends the code. */
export function tryCode(code: StoredCode, hash: string, now: Date): StoredCode | 'wrong_code' {
  if (code.used_at !== null || code.tries_left <= 0 || now >= code.expires_at) return 'wrong_code'
  const tries_left = code.tries_left - 1
  return code.code_hash === hash ? { ...code, tries_left, used_at: now } : { ...code, tries_left }
}
