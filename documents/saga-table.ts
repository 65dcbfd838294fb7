/** The saga's steps as tables of a page in Portuguese: the request of each, its answers, its undo, and its waits. */
import { type MessageContract, subscriberOf } from '#contracts'
import type { SagaDefinition } from '#saga'
import { purchaseSaga } from '../services/orquestrador/purchase-saga.ts'
import { reasonsOf } from './saga-answers.ts'
import { tell } from './saga-tale.ts'

const code = (text: string) => `\`${text}\``

export function stepsTable(definition: SagaDefinition = purchaseSaga): string {
  const pivot = definition.steps.findIndex(({ name }) => name === definition.pivot)
  const rows = definition.steps.map((step, index) => {
    const name = `${index + 1} | ${code(step.name)}${index === pivot ? ' (ponto sem volta)' : ''}`
    if (step.kind === 'call')
      return `| ${name} | ${code(step.call.name)} por HTTP | resposta 200 | resposta 4xx: um operador é chamado | nada |`
    if (step.kind === 'wait')
      return `| ${name} | nada: espera por um ato de alguém | esse ato | ${code(step.wait.late)}: o prazo passou | nada |`
    const { ask, undo } = step
    const back = index > pivot ? 'nada: daqui só se vai adiante' : 'o desfazer do passo anterior'
    return `| ${name} | ${commandOf(ask.contract)} | ${code(ask.done.topic)} | ${refusalOf(ask.failed)} | ${undo ? `${commandOf(undo.contract)}, mostrado como ${code(undo.step)}` : back} |`
  })
  return [
    '| # | passo | pede | segue com | é recusado com | é desfeito por |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n')
}

const commandOf = (contract: MessageContract) =>
  `${code(contract.topic)} a ${contract.subscriptions.map(subscriberOf)[0]}`

const refusalOf = (contract: MessageContract | undefined) =>
  contract ? `${code(contract.topic)}: ${reasonsOf(contract).map(code).join(', ')}` : 'não pode ser recusado'

/** How long a step waits before each further attempt, found by playing until the saga moves. */
export function waitsTable(): string {
  const before = tell(['silence', 'silence', 'silence']).slice(1, 4)
  const beyond = tell(['done', 'done', 'done', 'done', ...Array.from({ length: 6 }, () => 'silence' as const)]).slice(
    5,
    11,
  )
  const row = (what: string, scenes: typeof before, end: string) => {
    const waits = scenes.map(({ waited }) => waited)
    const total = waits.reduce((sum, one) => sum + one, 0)
    return `| ${what} | ${waits.length} | ${waits.map(seconds).join(', ')} | ${seconds(total)} | ${end} |`
  }
  return [
    '| o que se espera | tentativas | esperas | ao todo | e depois |',
    '| --- | --- | --- | --- | --- |',
    row(
      'a resposta de um passo antes do ponto sem volta',
      before,
      'o passo é dado por cortado e desfeito, junto com os anteriores',
    ),
    row(
      'a resposta de um desfazer, ou da venda',
      beyond,
      `a compra fica em ${code('FAILED_REQUIRES_MANUAL_INTERVENTION')}, à espera de um operador`,
    ),
  ].join('\n')
}

const seconds = (ms: number) => `${(ms / 1_000).toLocaleString('pt-BR', { maximumFractionDigits: 1 })} s`
