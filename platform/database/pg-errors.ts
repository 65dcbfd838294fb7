/** Tells errors of PostgreSQL and its driver apart: by SQLSTATE, or by the driver's words where it gives no code. */
import pg from 'pg'
import { NoSlot } from '../slots.ts'

/** The constraint that an insert or update violated; undefined for any other error (SQLSTATE class 23). */
export function violatedConstraint(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError && error.code?.startsWith('23') ? error.constraint : undefined
}

/** The column whose `not null` was violated; undefined for any other error. */
export function emptyColumn(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError && error.code === '23502' ? error.column : undefined
}

/** Whether waiting for a lock took too long. */
export const isLockTimeout = (error: unknown): boolean => error instanceof pg.DatabaseError && error.code === '55P03'

/** Whether the database's user lacks the right. */
export const lacksTheRight = (error: unknown): boolean => error instanceof pg.DatabaseError && error.code === '42501'

/** Whether the server refuses this user any connection. */
export const isRefused = (error: unknown): error is Error =>
  error instanceof pg.DatabaseError && error.code?.startsWith('28') === true

/** Whether there is no database of this name. */
export const isMissing = (error: unknown): boolean => error instanceof pg.DatabaseError && error.code === '3D000'

/**
 * Whether the database could not be reached or entered, did not exist, was shutting down or was too slow. The work
 * itself may be right.
 */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return /^(08|28|3D|53|57P|57014$|25P03$)/.test(error.code ?? '')
  if (error instanceof NoSlot) return true
  if (!(error instanceof Error)) return false
  const { code } = error as NodeJS.ErrnoException
  return CONNECTION_CODES.test(code ?? '') || isLostConnection(error)
}

const CONNECTION_CODES = /^(ECONN|EPIPE$|ETIMEDOUT$|EHOSTUNREACH$|ENETUNREACH$)/
/** Errors of `pg`, its pool and `impatient` that have no code: they are recognised by the whole message. */
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
