/** What can happen next: in a storm anything, chosen by the seed; after it, only what is left to do. */
import { purchaseSaga } from '../../services/orquestrador/purchase-saga.ts'
import type { Random } from './random.ts'
import { nextMoment, type World } from './world.ts'

const TOPICS = purchaseSaga.steps.flatMap((step) => {
  if (step.kind !== 'ask') return []
  const asks = [step.ask, ...(step.undo ? [step.undo] : [])]
  return asks.flatMap(({ contract, done, failed }) => [contract.topic, done.topic, ...(failed ? [failed.topic] : [])])
})

type Happening = (world: World, choose: Random) => string

/** So often in a thousand, one thing that can happen to a distributed system. */
const HAPPENINGS: readonly [often: number, happen: Happening][] = [
  [690, deliverOne],
  [60, callOne],
  [50, answerOne],
  [8, (world, choose) => `${applyToOne(world, choose, { kind: 'cancel', reason: 'gave up' })} is given up`],
  [40, payOne],
  [20, passSomeTime],
  [50, passToNextMoment],
  [20, lookAtDeadlines],
  [25, lookAtCodes],
  [5, (world, choose) => `an operator resumes ${applyToOne(world, choose, { kind: 'resume' })}`],
  [6, cutLine],
  [14, mendLines],
  [12, restartOrquestrador],
]
const TOTAL = HAPPENINGS.reduce((sum, [often]) => sum + often, 0)

export function disturb(world: World, choose: Random): string {
  let fate = choose.int(TOTAL)
  for (const [often, happen] of HAPPENINGS) {
    if (fate < often) return happen(world, choose)
    fate -= often
  }
  throw new Error('fate is below the total')
}

/** The storm is over: everything is delivered, clocks go on, operators do their part. Undefined when all is done. */
export function settle(world: World, choose: Random): string | undefined {
  const { network, orquestrador } = world
  network.mend()
  const message = network.takeMessage(choose)
  if (message) {
    deliver(world, message)
    return `${message.contract.topic} of ${message.transaction_id}`
  }
  if (network.calls.length > 0) return carryCall(world, choose)
  if (network.answers.length > 0) return carryAnswer(world, choose)
  if (nextMoment(world)) return passToNextMoment(world)
  const [stuck] = orquestrador.unfinished
  if (!stuck) return undefined
  orquestrador.apply(stuck.transaction_id, { kind: 'resume' })
  return `an operator resumes ${stuck.transaction_id}`
}

function deliver({ participants, orquestrador }: World, message: Parameters<typeof participants.deliver>[0]): void {
  const { contract, transaction_id, body } = message
  if (!participants.deliver(message)) orquestrador.apply(transaction_id, { kind: 'reply', type: contract.topic, body })
}

function deliverOne(world: World, choose: Random): string {
  const message = world.network.takeMessage(choose)
  if (!message) return 'nothing to deliver'
  const said = `${message.contract.topic} of ${message.transaction_id}`
  if (choose.chance(10)) {
    world.network.giveBack(message)
    return `${said}: its consumer dies before the commit`
  }
  deliver(world, message)
  if (!choose.chance(20)) return said
  world.network.giveBack(message)
  return `${said}: its consumer dies before it has acknowledged it`
}

function callOne(world: World, choose: Random): string {
  if (!choose.chance(15)) return carryCall(world, choose)
  const call = world.network.takeCall(choose)
  return call ? `the call of ${call.transaction_id} never arrives` : 'no call to lose'
}

function carryCall({ network, participants }: World, choose: Random): string {
  const call = network.takeCall(choose)
  if (!call) return 'nothing to call'
  participants.markAsSold(call)
  return `the call of ${call.transaction_id}`
}

function answerOne(world: World, choose: Random): string {
  if (!choose.chance(25)) return carryAnswer(world, choose)
  const answer = world.network.takeAnswer(choose)
  return answer ? `the answer to ${answer.transaction_id} is lost` : 'no answer to lose'
}

function carryAnswer({ network, orquestrador }: World, choose: Random): string {
  const answer = network.takeAnswer(choose)
  if (!answer) return 'nothing is answered'
  orquestrador.apply(answer.transaction_id, answer.input)
  return `the answer to ${answer.transaction_id}: ${answer.input.kind}`
}

function applyToOne({ orquestrador }: World, choose: Random, input: Parameters<typeof orquestrador.apply>[1]): string {
  const transaction_id = choose.pick([...orquestrador.sagas.keys()])
  orquestrador.apply(transaction_id, input)
  return transaction_id
}

function payOne({ orquestrador, participants }: World, choose: Random): string {
  const transaction_id = choose.pick([...orquestrador.sagas.keys()])
  participants.payFromOutside(transaction_id)
  return `${transaction_id} is paid from outside`
}

function passSomeTime({ clock }: World, choose: Random): string {
  clock.now = new Date(clock.now.getTime() + choose.pick([10, 1_000, 10_000, 61_000]))
  return `it is ${clock.now.toISOString()}`
}

/** Nothing comes for a while: all that is due by the next moment is done. */
function passToNextMoment(world: World): string {
  const { clock, participants, orquestrador } = world
  const next = nextMoment(world)
  if (next && next > clock.now) clock.now = next
  participants.expireCodes()
  orquestrador.lookAtDeadlines()
  return `it is ${clock.now.toISOString()}, what is due is done`
}

function lookAtDeadlines({ orquestrador }: World): string {
  orquestrador.lookAtDeadlines()
  return 'deadlines are looked at'
}

function lookAtCodes({ participants }: World): string {
  participants.expireCodes()
  return 'codes are looked at'
}

function cutLine({ network }: World, choose: Random): string {
  const line = choose.pick([...TOPICS, 'calls'])
  if (line === 'calls') network.callsAreCut = true
  else network.cut(line)
  return `the line of ${line} is cut`
}

function mendLines({ network }: World): string {
  network.mend()
  return 'all lines are mended'
}

function restartOrquestrador({ orquestrador }: World): string {
  orquestrador.restart()
  return 'the orquestrador is killed and starts again'
}
