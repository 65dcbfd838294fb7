/** Addresses as the library sees them: a keyed fingerprint that looks like an address, so that the library stores none. */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { Vault } from '#platform/vault/vault'

/** Equal for equal addresses; case and surrounding blanks do not count. */
export const normalEmail = (email: string): string => email.trim().toLowerCase()

export interface Fingerprints {
  /** `<64 hex digits>@conta.invalid` */
  addressOf(email: string): string
  /** Hexadecimal, because the library lowers the case of addresses. */
  documentOf(document: string): string
}

export const fingerprints = (vault: Vault): Fingerprints => ({
  addressOf: (email) => {
    const print = vault.fingerprint('accounts.email', normalEmail(email))
    return `${Buffer.from(print, 'base64url').toString('hex')}@conta.invalid`
  },
  documentOf: (document) => vault.fingerprint('accounts.document', document),
})

/** The real address for a mail of the request under way; the library knows only its fingerprint. */
export const addressInRequest = new AsyncLocalStorage<string>()
