/**
 * identidade-service: the accounts of people, their sessions and second factors, and the tokens of five minutes by which other
 * services know them. docs/identity.md describes each call.
 */
import pg from 'pg'
import type { ServiceContext, ServiceDefinition, Wiring } from '#host'
import { startAlarm } from '#platform/alarm'
import { publicOriginOf } from '#platform/config'
import { connectionTo } from '#platform/database/cloud-sql'
import { openPeers } from '#platform/peers'
import { sealedAccounts } from './accounts/account-store.ts'
import { carryAll } from './accounts/carry-email.ts'
import { addressInRequest, fingerprints } from './accounts/fingerprints.ts'
import { type LibraryParts, openLibrary } from './accounts/library.ts'
import { pacing } from './accounts/pacing.ts'
import { passwords } from './accounts/passwords.ts'
import { removeEnded } from './accounts/session-store.ts'
import { tieAllClaimed } from './claims/claim.ts'
import { removeOldClaims } from './claims/claim-store.ts'
import { CODE_LIVES_MS } from './domain/code.ts'
import { routes } from './http.ts'
import { removeOldNotices, sealedNotices } from './notices/notice-store.ts'
import { tell } from './notices/notices.ts'
import { erasureEvents } from './rights/erasure.ts'
import { makeAllCustomers } from './sign-up/customers.ts'
import { removeOldSignUps, sealedSignUps } from './sign-up/sign-up-store.ts'
import { removeOldInvitations, sealedInvitations } from './staff/invitation-store.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** If cliente-service could not be told, it is told again after this time. */
const AGAIN_AFTER_MS = 15_000
/** Guesses a minute on one account, by browsers that never signed in to it. */
const GUESSES_PER_ACCOUNT = 10
const MAILS_PER_ADDRESS = 10

export const identidadeService: ServiceDefinition = {
  name: 'identidade-service',
  description: 'People: their accounts, their sessions, and the tokens that the other services know them by.',
  migrations: new URL('./migrations/', import.meta.url),
  sealed: [sealedAccounts, sealedSignUps, sealedNotices, sealedInvitations],
  wire,
}

function wire(context: ServiceContext): Wiring {
  const { config, database, databaseUrl, unitOfWork, vault, clock, ids, log, addressOf, serviceToken } = context
  const publicOrigin = publicOriginOf(config)
  const prints = fingerprints(vault)
  const hashing = passwords()
  // the library uses connections of its own to the same database; our stores read the rows that it writes
  const pool = new pg.Pool({ ...connectionTo(databaseUrl), max: 5, options: '-c timezone=UTC' })
  pool.on('error', (err) => log.warn({ err }, 'an idle database connection was lost'))
  const secret = vault.fingerprint('better-auth', 'secret')
  const notices = { vault, prints, ids }
  const sendCode: LibraryParts['sendCode'] = async ({ address, code, purpose }) => {
    const email = addressInRequest.getStore()
    if (email === undefined || prints.addressOf(email) !== address)
      throw new Error('the library sends a code to an address that is not of this request')
    const now = clock.now()
    const expires_at = new Date(now.getTime() + CODE_LIVES_MS)
    const notice = { kind: `${purpose}_code` as const, email, content: { code }, expires_at }
    await unitOfWork((tx, send) => tell(tx, send, notices, notice, now))
  }
  const library = openLibrary({
    ...{ pool, database, secret, publicOrigin, ids, log, sendCode },
    audience: config.AUTH_AUDIENCE,
    passwords: hashing,
  })
  const isSecure = publicOrigin.startsWith('https:')
  const device = { name: `${isSecure ? '__Host-' : ''}mercado.device`, isSecure }
  const limits = {
    guessesPerAddress: config.RATE_LIMIT_GUESSES,
    guessesPerAccount: GUESSES_PER_ACCOUNT,
    mailsPerAddress: MAILS_PER_ADDRESS,
  }
  const peers = openPeers(addressOf, serviceToken, { connections: 8, patienceMs: 5_000 })
  const onError = (err: unknown) => log.warn({ err }, 'cliente-service does not know of an account yet')
  const parts = {
    ...{ database, vault, unitOfWork, clock, ids, library, prints, publicOrigin, secret, onError },
    ask: peers.ask,
    passwords: hashing,
    pacing: pacing(limits, vault, device),
    secondFactorOfStaff: config.NODE_ENV === 'production',
  }
  return {
    routes: routes(parts),
    handlers: erasureEvents,
    chores: [
      { what: 'sign-ups that nobody proved', keepForMs: DAY_MS, remove: removeOldSignUps },
      { what: 'claims that nobody proved', keepForMs: HOUR_MS, remove: removeOldClaims },
      { what: 'sessions that have ended', keepForMs: HOUR_MS, remove: removeEnded },
      { what: 'invitations that nobody accepted', keepForMs: DAY_MS, remove: removeOldInvitations },
      { what: 'notices that were told', keepForMs: 7 * DAY_MS, remove: removeOldNotices },
    ],
    start: () => {
      const keepingUp = startAlarm(async () => {
        await makeAllCustomers(parts, onError)
        await tieAllClaimed(parts, onError)
        await carryAll(parts, onError)
        return new Date(clock.now().getTime() + AGAIN_AFTER_MS)
      }, onError)
      return {
        async [Symbol.asyncDispose]() {
          await keepingUp[Symbol.asyncDispose]()
          await peers[Symbol.asyncDispose]()
          await pool.end()
        },
      }
    },
  }
}
