/** Shortens a failing schedule as long as it fails in the same way, so that only the necessary steps remain. */
import { Finding, type Schedule, simulate } from './simulate.ts'

/** How many runs shrinking may take: some seconds. */
const RUNS_AT_MOST = 3_000

export interface Shrunk {
  readonly schedule: Schedule
  readonly finding: Finding
  readonly runs: number
}

/** Drops halves, quarters, … single steps, and begins again until nothing more can go. `finding` is the schedule's own. */
export async function shrink(schedule: Schedule, finding: Finding): Promise<Shrunk> {
  const { world } = schedule
  let best = { schedule, finding }
  let runs = 0
  for (let size = Math.ceil(schedule.storm.length / 2); size >= 1 && runs < RUNS_AT_MOST; size = next(size)) {
    let hasShrunk = false
    for (let at = 0; at < best.schedule.storm.length && runs < RUNS_AT_MOST; ) {
      const storm = best.schedule.storm.toSpliced(at, size)
      const found = await findingOf({ world, storm })
      runs += 1
      if (found && kindOf(found) === kindOf(finding)) {
        best = { schedule: { world, storm }, finding: found }
        hasShrunk = true
      } else at += size
    }
    if (size === 1 && !hasShrunk) break
  }
  return { ...best, runs }
}

/** Single steps are gone through again for as long as that helps. */
const next = (size: number) => (size === 1 ? 1 : Math.ceil(size / 2))

export async function findingOf(schedule: Schedule): Promise<Finding | undefined> {
  try {
    await simulate(schedule)
    return undefined
  } catch (error) {
    if (error instanceof Finding) return error
    throw error
  }
}

/** The same words about another purchase, vehicle or amount are the same finding. */
const kindOf = ({ message }: Finding) => message.replace(/\w*\d+/g, '#')
