/** One run: a system under load is disturbed in every possible way, then left in peace until all is settled, and checked. */
import { setTimeout as pause } from 'node:timers/promises'
import { serviceNames } from '#contracts'
import { random } from '../simulation/random.ts'
import { type Client, chaosClient } from './client.ts'
import { type Faults, faults, type Pace } from './faults.ts'
import { type BusKind, type Ground, openGround, type Times } from './ground.ts'
import { unexplained } from './history.ts'
import { lookAtAll, lookOn } from './onlookers.ts'
import { noPromises, type Promises } from './promises.ts'
import { type Reckoning, reckon, unsettled, waitForOperator } from './reckoning.ts'
import { total } from './report.ts'
import { shoppers } from './shoppers.ts'

export interface CampaignOptions {
  readonly bus: BusKind
  readonly seed: number
  readonly kills: number
  /** The latest end of the storm; it ends earlier after all kills and one trouble of each kind. */
  readonly minutes: number
  readonly shoppers: number
  readonly times: Times
  readonly killEvery: Pace
  readonly troubleEvery: Pace
  readonly report: (what: string) => void
}

export interface Campaign {
  readonly bus: BusKind
  readonly seed: number
  readonly seconds: number
  readonly ground: Pick<Ground, 'shifts'>
  readonly faults: Pick<Faults, 'kills' | 'counts' | 'impossible'>
  readonly client: Pick<Client, 'counts' | 'history'>
  readonly promises: Promises
  readonly calm: Calm
  readonly reckoning: Reckoning
}

interface Calm {
  readonly seconds: number
  /** How often an operator had to say "try again". */
  readonly resumed: number
  /** Work that was still under way when patience ended. */
  readonly left: readonly string[]
}

/** Independent streams of one seed, so that more shoppers do not move the faults. */
const streamOf = (seed: number, which: number) => random(Math.imul(seed, 0x9e3779b1) + which)
const CALM_PATIENCE_MS = 180_000

export async function campaign(options: CampaignOptions): Promise<Campaign> {
  const { bus, seed, report } = options
  const begun = performance.now()
  await using ground = await openGround(bus, options.times, streamOf(seed, 1))
  const client = chaosClient(ground, await ground.as({ role: 'admin' }))
  const promises = noPromises()
  const crowd = shoppers(ground, client, promises, streamOf(seed, 2))
  let isOver = false
  const end = () => {
    isOver = true
    crowd.stop()
    client.calm()
  }
  using _end = { [Symbol.dispose]: end } // so that clients stop asking after a failure
  await allReady(ground)
  await crowd.open()
  report(`the system is up after ${Math.round((performance.now() - begun) / 1_000)} s`)

  const storm = faults(ground, streamOf(seed, 3), report)
  const shopping = crowd.shop(options.shoppers)
  const looking = lookOn(client, promises, streamOf(seed, 4), () => isOver)
  const killed = storm.killAll(options.kills, options.killEvery)
  const troubled = storm.trouble(options.troubleEvery)
  await Promise.race([Promise.all([killed, troubled]), pause(options.minutes * 60_000, undefined, { ref: false })])
  report(`the storm is over after ${total(storm.kills)} kills; calm`)
  const stormEnded = performance.now()
  await storm.mend()
  await allReady(ground)
  client.calm()
  crowd.stop()
  await shopping
  isOver = true
  await looking
  const calm = await settle(ground, client, stormEnded, report)
  const { findings, outcomes } = await reckon(ground.place(), promises, bus === 'embedded')
  await lookAtAll(client, promises)
  client.calm()
  const audited = await audit(client)
  return {
    bus,
    seed,
    seconds: (performance.now() - begun) / 1_000,
    ground,
    faults: storm,
    client,
    promises,
    calm,
    reckoning: {
      outcomes,
      findings: [
        ...storm.failed,
        ...ground.ownDeaths,
        ...calm.left,
        ...findings,
        ...unexplained(client.history, promises),
        ...audited,
      ],
    },
  }
}

async function allReady(ground: Ground) {
  const giveUp = performance.now() + 120_000
  for (const name of serviceNames) {
    for (;;) {
      const options = { signal: AbortSignal.timeout(5_000) }
      const answer = await fetch(`${ground.addressOf(name)}/ready`, options).catch(() => undefined)
      await answer?.text()
      if (answer?.status === 200) break
      if (performance.now() > giveUp) throw new Error(`${name} does not become ready: ${ground.ownDeaths.at(-1) ?? ''}`)
      await pause(200)
    }
  }
}

/** The findings of the product's own audit: a second opinion, by the services' routes. */
async function audit(client: Client): Promise<string[]> {
  const ask = (method: string, path: string, body?: object) =>
    client.ask({ service: 'orquestrador', method, path, body })
  let { body: found } = await ask('POST', '/audits', {})
  while (found.status === 'running') {
    await pause(200)
    found = (await ask('GET', `/audits/${found.id}`)).body
  }
  if (found.status !== 'finished') return [`the audit was ${found.status}: ${found.failure}`]
  return found.findings.map(
    ({ kind, subject, detail }: Record<string, string>) => `audit: ${kind} ${subject}: ${detail}`,
  )
}

/** Only an operator acts, until nothing is under way any more. */
async function settle(ground: Ground, client: Client, begun: number, report: (what: string) => void): Promise<Calm> {
  const giveUp = performance.now() + CALM_PATIENCE_MS
  let resumed = 0
  let said = ''
  for (;;) {
    for (const id of await waitForOperator(ground.place())) {
      const path = `/saga-states/${id}/retry`
      await client.ask({ service: 'orquestrador', method: 'POST', path })
      resumed += 1
    }
    const open = [...(await unsettled(ground.place()))].filter(([, count]) => count > 0)
    const seconds = (performance.now() - begun) / 1_000
    if (open.length === 0) return { seconds, resumed, left: [] }
    const left = open.map(([what, count]) => `${count} ${what} are still under way`)
    if (performance.now() > giveUp) return { seconds, resumed, left }
    if (left.join() !== said) report(left.join(', '))
    said = left.join()
    await pause(1_000)
  }
}
