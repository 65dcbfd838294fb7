/**
 * One run: a few customers buy a few vehicles in a storm in which anything can happen, and then in the calm, until nothing is left
 * to do. A schedule determines all of it: the world, and the steps of its storm.
 */
import { isFinal } from '#saga'
import { checkAtRest } from './at-rest.ts'
import { watch } from './invariants.ts'
import { sagas } from './memory-saga-store.ts'
import { random } from './random.ts'
import { disturb, settle } from './schedule.ts'
import type { States } from './states.ts'
import { makeWorld } from './world.ts'

export interface Schedule {
  readonly world: number
  readonly storm: readonly number[]
}

export interface Report {
  readonly steps: number
  /** Final statuses of the purchases. */
  readonly endings: readonly string[]
  /** `status step` pairs that sagas were seen at. */
  readonly positions: ReadonlySet<string>
  readonly trace: readonly string[]
}

export class Finding extends Error {
  readonly trace: readonly string[]
  constructor(message: string, trace: readonly string[], cause: unknown) {
    super(message, { cause })
    this.trace = trace
  }
}

const STORM = 500
const CALM = 3_000

/** The same seed gives the same schedule, always. */
export function scheduleOf(seed: number): Schedule {
  const choose = random(seed)
  const world = choose.int(2 ** 32)
  return { world, storm: Array.from({ length: choose.int(STORM) }, () => choose.int(2 ** 32)) }
}

/** Throws a Finding when a rule is violated. */
export async function simulate(schedule: Schedule, states?: States): Promise<Report> {
  const world = makeWorld(random(schedule.world))
  const { afterStep } = watch(world)
  const trace: string[] = []
  const positions = new Set<string>()
  const rows = world.orquestrador.service.database.rows(sagas)
  const { onChange } = world.orquestrador.service.database
  world.orquestrador.service.database.onChange = (table, key, before, after) => {
    onChange(table, key, before, after)
    const saga = rows.get(key)
    if (table === sagas && saga) positions.add(`${saga.status} ${saga.step}`)
  }
  try {
    for (const step of schedule.storm) {
      trace.push(await disturb(world, step))
      afterStep()
      states?.note(world)
    }
    for (let said = await settle(world); said; said = await settle(world)) {
      trace.push(said)
      afterStep()
      states?.note(world)
      if (trace.length > schedule.storm.length + CALM) throw new Error('it does not come to rest')
    }
    checkAtRest(world)
  } catch (error) {
    throw new Finding(error instanceof Error ? error.message : String(error), trace, error)
  }
  const endings = [...rows.values()].filter(isFinal).map(({ status }) => status)
  return { steps: trace.length, trace, positions, endings }
}
