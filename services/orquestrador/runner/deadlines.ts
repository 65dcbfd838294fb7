/** The durable clock of the sagas: rings when the next deadline in the database has passed, and tells the sagas concerned. */
import type { Clock } from '#platform/clock'
import type { Database } from '#platform/database/database'
import type { SagaRunner } from './run-saga.ts'
import { findDue, nextDeadline } from './saga-store.ts'

const BATCH = 128

/** Tells every overdue saga that its deadline has passed; returns the next deadline. Calling it twice does no harm. */
export async function passDeadlines(database: Database, runner: SagaRunner, clock: Clock): Promise<Date | null> {
  for (;;) {
    const due = await findDue(database, runner.definitions, clock.now(), BATCH)
    await Promise.all(due.map(({ transaction_id }) => runner.apply(transaction_id, { kind: 'deadline' })))
    if (due.length < BATCH) return nextDeadline(database, runner.definitions)
  }
}
