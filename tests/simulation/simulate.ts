/**
 * One seeded run: purchases of few customers for few vehicles in a storm that delivers their messages in any order,
 * twice, late or after their transaction died, and then settles. It ends when nothing is left to do, an operator
 * resuming what stopped.
 */
import { watch } from './invariants.ts'
import { random } from './random.ts'
import { disturb, settle } from './schedule.ts'
import { type Faults, makeWorld } from './world.ts'

export interface Report {
  readonly steps: number
  /** Final statuses of the purchases. */
  readonly endings: readonly string[]
  /** `status step` pairs that sagas were seen at. */
  readonly positions: ReadonlySet<string>
  readonly trace: readonly string[]
}

const STORM = 500
const LIMIT = 5_000

/** Throws with the seed and the last steps when something that must hold does not. */
export function simulate(seed: number, faults: Faults = {}): Report {
  const choose = random(seed)
  const world = makeWorld(choose, faults)
  const { afterStep, atRest } = watch(world)
  const storm = choose.int(STORM)
  const trace: string[] = []
  try {
    for (let said: string | undefined = 'it begins'; said; afterStep()) {
      trace.push(said)
      if (trace.length > LIMIT) throw new Error('it does not come to rest')
      said = trace.length < storm ? disturb(world, choose) : settle(world, choose)
    }
    atRest()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const told = trace.slice(-25).join('\n  ')
    throw new Error(`seed ${seed}, step ${trace.length}: ${reason}\n  ${told}`, { cause: error })
  }
  const { sagas, positions } = world.orquestrador
  return { steps: trace.length, trace, positions, endings: [...sagas.values()].map(({ status }) => status) }
}
