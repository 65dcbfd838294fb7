/** Gives an answer no sooner than after a given time, so that its time does not reveal what was found. */
import { setTimeout as pause } from 'node:timers/promises'

export async function evenly<T>(milliseconds: number, work: () => Promise<T>): Promise<T> {
  const [done] = await Promise.allSettled([work(), pause(milliseconds)])
  if (done.status === 'rejected') throw done.reason
  return done.value
}
