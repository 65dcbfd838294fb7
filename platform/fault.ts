/** What is said of a fault where people read it: kinds, codes and places in the code, never what somebody had sent. */
import pg from 'pg'
import { isLostConnection } from './database/database.ts'
import { withoutIdentifiers } from './free-text.ts'
import { Problem } from './problem.ts'

/** An error whose message is made of our own words, of names of services and of status codes alone: logs show it. */
export class Fault extends Error {}

/** An error as it is logged. */
export interface LoggedFault {
  readonly type: string
  /** Absent where it may hold what somebody had sent: the first of `at` says which line of code has its words. */
  readonly message?: string
  readonly code?: string | number
  /** Of the database: what it ran into, by name. */
  readonly table?: string
  readonly column?: string
  readonly constraint?: string
  readonly routine?: string
  readonly at?: readonly string[]
  readonly cause?: LoggedFault
}

/** Causes behind causes that are told. */
const DEPTH = 3
const FRAMES = 12

export function loggedFault(error: unknown, depth = DEPTH): LoggedFault {
  if (!(error instanceof Error)) return { type: error === null ? 'null' : typeof error }
  const { code, cause } = error as NodeJS.ErrnoException
  const at = framesOf(error)
  return {
    type: nameOf(error),
    ...(isOurs(error) && { message: withoutIdentifiers(error.message) }),
    ...(isCode(code) && { code }),
    ...(error instanceof pg.DatabaseError && namesIn(error)),
    ...(at.length > 0 && { at }),
    ...(cause !== undefined && depth > 0 && { cause: loggedFault(cause, depth - 1) }),
  }
}

/** For operators, where a message could not be handled: its handlers know ids alone, but the database repeats values. */
export function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown fault'
  const repeatsValues = (error instanceof pg.DatabaseError && error.code !== RAISED) || error instanceof SyntaxError
  if (!repeatsValues) return `${error.name}: ${withoutIdentifiers(error.message)}`
  const { type, code, table, constraint, routine } = loggedFault(error)
  return [type, code, table, constraint, routine].filter((one) => one !== undefined).join(' ')
}

/** Raised by our own SQL, in our own words. */
const RAISED = 'P0001'

/** System errors name an operation, an address or a file of this side. */
const isOurs = (error: Error): boolean =>
  error instanceof Fault ||
  error instanceof Problem ||
  ('syscall' in error && /^E[A-Z\d]+$/.test((error as NodeJS.ErrnoException).code ?? '')) ||
  isLostConnection(error)

const isCode = (code: unknown): code is string | number =>
  typeof code === 'number' || (typeof code === 'string' && WORD.test(code))
const WORD = /^[A-Za-z_][\w.-]{0,62}$|^[0-9A-Z]{5}$/

function namesIn({ table, column, constraint, routine }: pg.DatabaseError) {
  const named = Object.entries({ table, column, constraint, routine }).filter(([, name]) => WORD.test(name ?? ''))
  return Object.fromEntries(named)
}

const nameOf = (error: Error) => (WORD.test(error.constructor.name) ? error.constructor.name : 'Error')

/** Places in files alone: the stack begins with the message, which may have any number of lines. */
function framesOf({ stack = '', message }: Error): string[] {
  const start = stack.indexOf(message)
  const frames = stack.slice(start < 0 ? 0 : start + message.length).split('\n')
  return frames.flatMap((line) => FRAME.exec(line)?.[1] ?? []).slice(0, FRAMES)
}
const FRAME = /^\s+at (?:(?:async |new )*[\w$.#<>[\] ]+ )?\(?((?:file:\/\/|node:|\/)[^\s()]+:\d+:\d+)\)?$/
