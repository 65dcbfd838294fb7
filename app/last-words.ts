/** What nobody caught ends the process, as ever; but it is logged as all faults are, not printed with whatever it holds. */
import type { Logger } from 'pino'

export function logLastWords(log: Logger): void {
  process.on('uncaughtException', (err) => {
    log.fatal({ err }, 'nobody caught this: the process ends')
    process.exit(1)
  })
}
