/** Addresses as the library sees them: a keyed fingerprint that looks like an address, so that it keeps none. */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { Vault } from '#platform/vault/vault'

/** The same for the same address, whatever its case and the blanks around it. */
export const normalEmail = (email: string): string => email.trim().toLowerCase()

export interface Fingerprints {
  /** `<64 hex digits>@conta.invalid` */
  addressOf(email: string): string
  /** The library lowers the case of addresses, so this one is hexadecimal. */
  documentOf(document: string): string
}

export const fingerprints = (vault: Vault): Fingerprints => ({
  addressOf: (email) => {
    const print = vault.fingerprint('accounts.email', normalEmail(email))
    return `${Buffer.from(print, 'base64url').toString('hex')}@conta.invalid`
  },
  documentOf: (document) => vault.fingerprint('accounts.document', document),
})

/** The one address of the request under way that the library only knows by its fingerprint and has to be sent something. */
export const addressInRequest = new AsyncLocalStorage<string>()
