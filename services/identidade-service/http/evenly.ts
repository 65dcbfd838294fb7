/** For answers whose time must not reveal what was found: none comes sooner than so many milliseconds. */
import { setTimeout as pause } from 'node:timers/promises'

export async function evenly<T>(milliseconds: number, work: () => Promise<T>): Promise<T> {
  const [done] = await Promise.allSettled([work(), pause(milliseconds)])
  if (done.status === 'rejected') throw done.reason
  return done.value
}
