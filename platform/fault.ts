/** How faults are described where people read them: by kind, code and place in the code, never by data that somebody sent. */
import pg from 'pg'
import { isLostConnection } from './database/pg-errors.ts'
import { withoutIdentifiers } from './free-text.ts'
import { Problem } from './problem.ts'

/** An error whose message holds only our own words, names of services and status codes, so that logs may show it. */
export class Fault extends Error {}

/** An error as it is logged. */
export interface LoggedFault {
  readonly type: string
  /** Absent where it may hold data that somebody sent. The first of `at` names the line of code with its words. */
  readonly message?: string
  readonly code?: string | number
  /** From the database: the name of the constraint, table or column. */
  readonly table?: string
  readonly column?: string
  readonly constraint?: string
  readonly routine?: string
  readonly at?: readonly string[]
  readonly cause?: LoggedFault
}

/** How many causes behind causes are shown. */
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

/** For operators, when a message could not be handled. Handlers know only ids, but the database repeats values. */
export function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown fault'
  const repeatsValues = (error instanceof pg.DatabaseError && error.code !== RAISED) || error instanceof SyntaxError
  if (!repeatsValues) return `${error.name}: ${withoutIdentifiers(error.message)}`
  const { type, code, table, constraint, routine } = loggedFault(error)
  return [type, code, table, constraint, routine].filter((one) => one !== undefined).join(' ')
}

/** Raised by our own SQL, in our own words. */
const RAISED = 'P0001'

/** System errors name an operation, an address, or a file of this machine. */
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

/** Only the places in files: a stack begins with the message, which may have any number of lines. */
function framesOf({ stack = '', message }: Error): string[] {
  const start = stack.indexOf(message)
  const frames = stack.slice(start < 0 ? 0 : start + message.length).split('\n')
  return frames.flatMap((line) => FRAME.exec(line)?.[1] ?? []).slice(0, FRAMES)
}
const FRAME = /^\s+at (?:(?:async |new )*[\w$.#<>[\] ]+ )?\(?((?:file:\/\/|node:|\/)[^\s()]+:\d+:\d+)\)?$/
