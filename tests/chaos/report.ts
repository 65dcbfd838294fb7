/** The readable report of a run. */
import type { Campaign } from './campaign.ts'

const SHOWN = 40

export function told({ bus, seed, seconds, ground, faults, client, promises, calm, reckoning }: Campaign): string {
  const { findings, outcomes } = reckoning
  const kills = total(faults.kills)
  const lines = [
    `Chaos on the ${bus} bus, seed ${seed}: ${Math.round(seconds)} s, of which ${Math.round(calm.seconds)} s of calm`,
    '',
    `kills by SIGKILL                       ${kills}`,
    ...rows(faults.kills),
    `other faults                           ${total(faults.counts)}`,
    ...rows(faults.counts),
    'clocks that are wrong',
    ...rows(new Map([...ground.shifts].map(([name, shift]) => [name, `${shift > 0 ? '+' : ''}${shift / 60_000} min`]))),
    ...faults.impossible.map((what) => `not done here: ${what}`),
    '',
    `requests                               ${client.counts.tries}`,
    ...rows(new Map([...client.counts.answers].sort(([a], [b]) => a - b).map(([status, n]) => [String(status), n]))),
    ...rows(new Map([['no answer', client.counts.lost]])),
    `purchases answered 202                 ${promises.accepted.size}`,
    ...rows(outcomes),
    'orders refused',
    ...rows(promises.refused),
    `paid ${promises.paid.size}, cancelled ${promises.cancelled.size}, picked up ${promises.pickedUp.size}`,
    `resumed by an operator in the calm: ${calm.resumed}`,
    '',
    findings.length === 0 ? 'FINDINGS: none' : `FINDINGS: ${findings.length}`,
    ...findings.slice(0, SHOWN).map((what) => `  ${what}`),
    ...(findings.length > SHOWN ? [`  … and ${findings.length - SHOWN} more`] : []),
  ]
  return lines.join('\n')
}

export const total = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((sum, count) => sum + count, 0)

const rows = (counts: ReadonlyMap<string, number | string>) =>
  [...counts].map(([name, count]) => `  ${name.padEnd(36)} ${count}`)
