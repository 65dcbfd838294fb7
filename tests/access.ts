/** For tests of what lies below the permissions: a server whose every route anyone may call. */
import type { Permission, Permissions } from '#contracts'
import type { Access } from '#platform/auth'
import type { Keyring } from '#platform/local-issuer'

const everybody: Permission = { who: 'everybody' }
const anything: Permissions = new Proxy<Record<string, Permission>>({}, { get: () => everybody })

/** Without a keyring, every token is a bad one. */
export const openAccess = (keyring?: Pick<Keyring, 'verify'>): Access => ({
  permissions: anything,
  verify: keyring?.verify ?? (async () => Promise.reject(new Error('no token is good here'))),
})
