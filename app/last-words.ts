/** The messages of a process that ends by a fault. */
import type { Logger } from 'pino'
import { CannotStart } from '#platform/cannot-start'
import { whyNot } from '#platform/own-file'

/** An uncaught error ends the process, as always. It is logged like all faults, not printed with everything it holds. */
export function logLastWords(log: Logger): void {
  process.on('uncaughtException', (err) => {
    // words of ours, for whoever can mend it; any other message may hold what somebody sent
    if (err instanceof CannotStart) log.fatal(err.message)
    else log.fatal({ err }, 'nobody caught this: the process ends')
    process.exit(1)
  })
}

type SystemError = NodeJS.ErrnoException & { readonly port?: number; readonly address?: string }

/** For an error that a person can mend, the message; for any other error, the stack, which its finder needs. */
export function startFailure(error: unknown): string {
  if (!(error instanceof Error)) return `Could not start: ${error}`
  if (error instanceof CannotStart) return error.message
  const { code = '', port, address, path } = error as SystemError
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} is taken: stop what listens there, or set another PORT_… (docs/configuration.md).`
    case 'EADDRNOTAVAIL':
      return `This machine has no address ${address}: set HOST to one that it has.`
    case 'EACCES':
      if (port !== undefined)
        return `Port ${port} is not for everybody: set a PORT_… of 1024 or more, or start as root.`
  }
  if (path !== undefined) return `${path} cannot be used: ${whyNot(error)}`
  if (ABOUT_DATABASES[code]) return `${ABOUT_DATABASES[code]} PostgreSQL says: ${error.message}`
  return `Could not start: ${error.stack ?? error.message}`
}

const ABOUT_DATABASES: Readonly<Record<string, string>> = {
  '28P01': 'The database refuses the password: put the right one into DATABASE_URL.',
  '28000': 'The database refuses the user: put another into DATABASE_URL, or let it in (pg_hba.conf).',
  '42501': 'The database user may not do this: give it the right, or make the databases first (docs/deploy.md).',
  '3D000': 'The database that DATABASE_URL names does not exist: name one that does, as postgres.',
}
