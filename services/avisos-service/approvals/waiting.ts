/**
 * Approvals that wait: every service is asked for them now and then, and an event for each decider causes a mail. An
 * approval that is over before it is seen causes none. A service that does not answer is asked again the next time.
 */
import { approvalWaiting, type ServiceName, serviceNames } from '#contracts'
import { outgoing, type UnitOfWork } from '#messaging'
import { type Alarm, startAlarm } from '#platform/alarm'
import type { Clock, Ids } from '#platform/clock'
import type { Owners } from '../owners/owners.ts'
import { takeUntold } from './approval-store.ts'

export interface WaitingParts {
  readonly unitOfWork: UnitOfWork
  readonly clock: Clock
  readonly ids: Ids
  readonly owners: Pick<Owners, 'waitingApprovals' | 'deciders'>
}

/** This service has no approvals of its own. */
const ASKED = serviceNames.filter((name) => name !== 'avisos-service')

/** An approval lives for hours, and a person looks at a phone within minutes. */
const LOOK_EVERY_MS = 30_000

/** Returns how many deciders are to be told. Rejects with PeerFault. */
export async function tellWaiting(parts: WaitingParts, service: ServiceName): Promise<number> {
  const { unitOfWork, clock, ids, owners } = parts
  const waiting = await owners.waitingApprovals(service)
  if (waiting.length === 0) return 0
  const deciders = await owners.deciders()
  return unitOfWork(async (tx, send) => {
    const untold = await takeUntold(
      tx,
      waiting.map(({ approval_id }) => approval_id),
      clock.now(),
    )
    const told = waiting
      .filter(({ approval_id }) => untold.includes(approval_id))
      .flatMap(({ approval_id, asked_by }) =>
        deciders
          .filter(({ account_id }) => account_id !== asked_by) // the one who asked does not decide
          .map(({ account_id }) => ({ service, approval_id, account_id })),
      )
    for (const one of told) send(outgoing(approvalWaiting, ids.uuid(), one))
    return told.length
  })
}

export const startLooking = (parts: WaitingParts, onError: (error: unknown) => void): Alarm =>
  startAlarm(async () => {
    for (const service of ASKED) await tellWaiting(parts, service).catch(onError)
    return new Date(Date.now() + LOOK_EVERY_MS)
  }, onError)
