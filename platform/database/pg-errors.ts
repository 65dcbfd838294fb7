/** Errors of PostgreSQL and its driver: what went wrong, by SQLSTATE, or by the driver's words where it gives no code. */
import pg from 'pg'
import { NoSlot } from '../slots.ts'

/** The constraint that an insert or update violated; undefined for any other error (SQLSTATE class 23). */
export function violatedConstraint(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError && error.code?.startsWith('23') ? error.constraint : undefined
}

/** The column that must not be null and would have become so; undefined for any other error. */
export function emptyColumn(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError && error.code === '23502' ? error.column : undefined
}

/** Whether a lock could not be had in the time that was set for it. */
export const isLockTimeout = (error: unknown): boolean => error instanceof pg.DatabaseError && error.code === '55P03'

/** Whether the database's user lacks the right. */
export const lacksTheRight = (error: unknown): boolean => error instanceof pg.DatabaseError && error.code === '42501'

/** Whether the server does not let this user in, whatever they would do. */
export const isRefused = (error: unknown): error is Error =>
  error instanceof pg.DatabaseError && error.code?.startsWith('28') === true

/** Whether there is no database of this name. */
export const isMissing = (error: unknown): boolean => error instanceof pg.DatabaseError && error.code === '3D000'

/**
 * Whether the database could not be reached or entered, was not there, was shutting down or too slow: nothing is known to be
 * wrong with the work itself.
 */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return /^(08|28|3D|53|57P|57014$|25P03$)/.test(error.code ?? '')
  if (error instanceof NoSlot) return true
  if (!(error instanceof Error)) return false
  const { code } = error as NodeJS.ErrnoException
  return CONNECTION_CODES.test(code ?? '') || isLostConnection(error)
}

const CONNECTION_CODES = /^(ECONN|EPIPE$|ETIMEDOUT$|EHOSTUNREACH$|ENETUNREACH$)/
/** Recognised by the whole message, of `pg`, its pool or `impatient`: these errors have no code. */
export const isLostConnection = ({ message }: Error): boolean => LOST_CONNECTION.test(message)
const LOST_CONNECTION = new RegExp(
  `^(${[
    'Connection terminated',
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'Connection terminated: silent for \\d+ ms',
    'timeout expired',
    'timeout exceeded when trying to connect',
    'Client has encountered a connection error and is not queryable',
    'Cannot use a pool after calling end on the pool',
  ].join('|')})$`,
)
