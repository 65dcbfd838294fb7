/** The faults of a run, each drawn from the seed: what is hit, how, and for how long. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Random } from '../simulation/random.ts'
import type { Ground } from './ground.ts'
import type { Ending } from './server.ts'

export interface Faults {
  /** Kills, one after the other, until there were so many. */
  killAll(count: number, pace: Pace): Promise<void>
  /**
   * All other faults, two at a time, until told to stop: each kind once, then as the seed draws. Resolves when there was one of each.
   */
  trouble(pace: Pace): Promise<void>
  /** Begins no more faults, and resolves when the present ones are over and all is mended. */
  mend(): Promise<void>
  readonly kills: ReadonlyMap<string, number>
  readonly counts: ReadonlyMap<string, number>
  /** Faults that could not be caused: then the run proves less than it says. */
  readonly failed: readonly string[]
  /** Faults that are impossible on this machine, and why. */
  readonly impossible: readonly string[]
}

/** Milliseconds between two, from and to. */
export type Pace = readonly [from: number, to: number]

interface Fault {
  readonly name: string
  /** How often it is drawn, relative to the others. */
  readonly weight: number
  readonly inflict: () => Promise<void>
}

export function faults(ground: Ground, random: Random, report: (what: string) => void): Faults {
  const kills = new Map(ground.minders.map(({ name }) => [name, 0]))
  const stopping = new AbortController()
  const busy = new Set<object>()
  const failed: string[] = []
  const underWay: Promise<void>[] = []
  const kinds = kindsOf()
  const counts = new Map(kinds.map(({ name }) => [name, 0]))

  function kindsOf(): Fault[] {
    const lines = [...ground.lines]
    const anyLine = () => random.pick(lines)[1]
    // gRPC looks for dead connections every five minutes: longer than any process lives here
    const canBeDead = lines.filter(([name]) => !name.endsWith('to Pub/Sub'))
    const { server, disk, restartEmulator } = ground
    const restart = (ending: Ending) => alone(server, () => server.restart(ending))
    return [
      { name: 'PostgreSQL restarted, fast', weight: 1, inflict: restart('fast') },
      { name: 'PostgreSQL restarted, immediate', weight: 1, inflict: restart('immediate') },
      { name: 'PostgreSQL killed', weight: 1, inflict: restart('crash') },
      ...(disk
        ? [
            {
              name: 'disk of PostgreSQL full',
              weight: 1,
              inflict: alone(server, async () => {
                await disk.fill()
                await pause(2_000 + random.int(4_000))
                await disk.relieve()
                await server.recovered()
              }),
            },
          ]
        : []),
      ...(restartEmulator
        ? [
            {
              name: 'emulator restarted, all forgotten',
              weight: 2,
              inflict: alone(restartEmulator, restartEmulator),
            },
          ]
        : []),
      {
        name: 'connections of PostgreSQL exhausted',
        weight: 1,
        inflict: alone(server, async () => {
          await using _all = await server.exhaust()
          await pause(1_000 + random.int(3_000))
        }),
      },
      {
        name: 'process suspended',
        weight: 3,
        inflict: async () => {
          const sleeper = random.pick(ground.minders)
          if (!ground.isWorking()) return
          sleeper.signal('SIGSTOP')
          await pause(1_000 + random.int(5_000))
          sleeper.signal('SIGCONT')
        },
      },
      {
        name: 'clock jumps',
        weight: 2,
        inflict: () => {
          if (ground.isWorking()) random.pick(ground.minders).signal('SIGUSR2')
          return Promise.resolve()
        },
      },
      {
        name: 'line slow',
        weight: 4,
        inflict: async () => {
          const line = anyLine()
          line.delay(20 + random.int(400))
          await pause(1_000 + random.int(5_000))
          line.delay(0)
        },
      },
      { name: 'line cut', weight: 6, inflict: async () => anyLine().cut() },
      {
        name: 'line a black hole',
        weight: 3,
        inflict: async () => {
          const [, line] = random.pick(canBeDead)
          line.swallow(true)
          await pause(1_000 + random.int(6_000))
          line.swallow(false)
        },
      },
    ]
  }

  /** A process that is starting suffers no other fault. */
  function alone(whom: object, inflict: () => Promise<void>) {
    return async () => {
      if (busy.has(whom)) return
      busy.add(whom)
      await inflict().finally(() => busy.delete(whom))
    }
  }

  function draw(fresh: Fault[]) {
    const [first] = fresh.splice(random.int(Math.max(fresh.length, 1)), 1)
    if (first) return first
    let left = random.int(kinds.reduce((sum, { weight }) => sum + weight, 0))
    return kinds.find(({ weight }) => {
      left -= weight
      return left < 0
    }) as Fault
  }

  const between = ([from, to]: Pace) => pause(from + random.int(to - from), undefined, { signal: stopping.signal })

  async function keepKilling(count: number, pace: Pace) {
    for (let killed = 0; killed < count && !stopping.signal.aborted; ) {
      if (random.chance(75)) await working()
      await between(pace).catch(() => {})
      const victim = random.pick(ground.minders)
      if (!victim.kill()) continue
      killed += 1
      kills.set(victim.name, (kills.get(victim.name) ?? 0) + 1)
      report(`kill ${victim.name}`)
    }
  }

  /** So that most kills interrupt work: on a slow machine the next kill would else come before the system is up again. */
  async function working() {
    for (const giveUp = performance.now() + 30_000; performance.now() < giveUp && !stopping.signal.aborted; ) {
      if (ground.isWorking()) return
      await pause(50)
    }
  }

  async function keepTroubling(pace: Pace, fresh: Fault[]) {
    while (!stopping.signal.aborted) {
      await between(pace).catch(() => {})
      if (stopping.signal.aborted) return
      const { name, inflict } = draw(fresh)
      counts.set(name, (counts.get(name) ?? 0) + 1)
      report(name)
      await inflict().catch((error) => void failed.push(`${name} did not work: ${error}`))
    }
  }

  return {
    kills,
    counts,
    failed,
    impossible: [
      ...(ground.disk ? [] : ['a full disk: only root on Linux may mount a small one']),
      ...(ground.restartEmulator ? [] : ['restarts of the emulator: the embedded bus has none']),
    ],
    killAll(count, pace) {
      const killing = keepKilling(count, pace)
      underWay.push(killing)
      return killing
    },
    async trouble(pace) {
      const fresh = [...kinds]
      underWay.push(keepTroubling(pace, fresh), keepTroubling(pace, fresh))
      while (fresh.length > 0 && !stopping.signal.aborted) await pause(100)
    },
    async mend() {
      stopping.abort()
      await Promise.all(underWay)
      for (const line of ground.lines.values()) {
        line.swallow(false)
        line.delay(0)
      }
      await ground.server.recovered()
    },
  }
}
