/** Purchases as sequence diagrams in mermaid, one for each way that they can go; saga-tale.ts plays them. */
import { type MessageContract, publisherOf, subscriberOf } from '#contracts'
import type { Effect } from '#saga'
import { purchaseSaga } from '../services/orquestrador/purchase-saga.ts'
import { type Scene, tell, type Word } from './saga-tale.ts'

/** The ways that the documents show; failures and cut-offs follow from the definition's steps. */
export function tales(): ReadonlyMap<string, readonly Word[]> {
  const asked = purchaseSaga.steps.flatMap((step, index) => (step.kind === 'ask' ? [{ ...step, index }] : []))
  const sold = asked.length
  return new Map<string, readonly Word[]>([
    ['concluida', []],
    ...asked.map(({ name, index }): Tale => [`recusa-${name}`, after(index, 'failed')]),
    ...asked.map(({ name, index }): Tale => [`silencio-${name}`, after(index, ...times(3, 'silence'))]),
    ...asked.map(({ name, index }): Tale => [`desistencia-${name}`, after(index, 'cancel')]),
    ['desistencia-recusada', after(sold, 'cancel')],
    ['estorno-recusado', after(sold - 1, 'cancel', ...refusals(6), 'resume')],
    ['venda-recusada', after(sold, 'failed', 'resume')],
    ['venda-abandonada', after(sold, 'failed', 'give_up')],
    ['venda-sem-resposta', after(sold, ...times(6, 'silence'), 'resume')],
  ])
}

type Tale = [name: string, words: readonly Word[]]

const times = (count: number, word: Word): readonly Word[] => Array.from({ length: count }, () => word)

const after = (steps: number, ...words: readonly Word[]) => [...times(steps, 'done'), ...words]

/** A refused undo is asked again when its wait is over. */
const refusals = (count: number) => [
  ...times(count - 1, 'failed').flatMap((word): Word[] => [word, 'silence']),
  'failed' as const,
]

const PEOPLE = 'actor pessoa as comprador ou operador'
const SALE = 'PATCH /vehicles/{id}/mark_as_sold'
const SELLER = 'veiculo-service'

export function sequence(words: readonly Word[]): string {
  const lines = folded(tell(words).map(blockOf))
  const services = ['orquestrador', 'cliente-service', SELLER, 'pagamento-service']
  const there = services.filter((service) => lines.some((line) => line.includes(idOf(service))))
  return ['sequenceDiagram', PEOPLE, ...there.map((name) => `participant ${idOf(name)} as ${name}`), ...lines].join(
    '\n',
  )
}

/** One input in a diagram: how it came, where the saga stands now, and what it asks for. */
interface Block {
  readonly input: readonly string[]
  readonly rest: readonly string[]
  /** How long nothing came in, in milliseconds. */
  readonly waited: number
  readonly isRepeat: boolean
}

function blockOf({ input, before, decision, waited }: Scene): Block {
  const { saga, effects, transition } = decision
  const hasMoved = before?.step !== saga.step || before.status !== saga.status
  const note = hasMoved ? [`Note over orquestrador: ${saga.step}<br/>${saga.status}`] : []
  return {
    input: linesOfInput(input, before?.step, decision),
    rest: [...note, ...effects.flatMap(linesOfEffect)],
    waited,
    isRepeat: !hasMoved && transition !== undefined,
  }
}

function linesOfInput(input: Scene['input'], step: string | undefined, { refusal }: Scene['decision']): string[] {
  if (!input) return ['pessoa->>orquestrador: POST /purchase', 'orquestrador-->>pessoa: 202']
  switch (input.kind) {
    case 'reply':
      return [`${idOf(publisherOf(input.type))}-->>orquestrador: ${input.type}`]
    case 'call_answered':
      return [`${idOf(SELLER)}-->>orquestrador: 200`]
    case 'call_refused':
      return [`${idOf(SELLER)}-->>orquestrador: 409`]
    case 'cancel':
      return ['pessoa->>orquestrador: POST /purchase/{id}/cancel', `orquestrador-->>pessoa: ${refusal ? 400 : 200}`]
    case 'resume':
      return ['pessoa->>orquestrador: POST /saga-states/{id}/retry', 'orquestrador-->>pessoa: 202']
    case 'give_up':
    case 'redo':
      return [
        `pessoa->>orquestrador: POST /saga-states/{id}/${input.kind.replace('_', '-')}`,
        'orquestrador-->>pessoa: 202',
      ]
    case 'happened':
      return ['pessoa->>orquestrador: POST /returns/{id}/received', 'orquestrador-->>pessoa: 200']
    case 'deadline':
      return [`Note over orquestrador: prazo de ${step} vencido`]
  }
}

function linesOfEffect(effect: Effect): string[] {
  if (effect.kind === 'call') return [`orquestrador->>${idOf(SELLER)}: ${SALE}`]
  const { contract } = effect
  if (contract.topic.startsWith('commands.')) return [`orquestrador->>${receivers(contract)[0]}: ${contract.topic}`]
  return receivers(contract).map((one) => `orquestrador-)${one}: ${contract.topic}`)
}

const receivers = (contract: MessageContract) => contract.subscriptions.map((name) => idOf(subscriberOf(name)))

/** Mermaid reads a hyphen in a name as the beginning of an arrow. */
const idOf = (service: string) => service.replace('-service', '')

/** A repetition is drawn once, with the number of times and each wait. */
function folded(blocks: readonly Block[]): string[] {
  const lines: string[] = []
  for (let at = 0; at < blocks.length; ) {
    const run = repeatsFrom(blocks, at)
    const shown = blocks.slice(at, at + run.period).flatMap(({ input, rest }) => [...input, ...rest])
    if (run.times < 2) lines.push(...shown)
    else lines.push(`loop ${run.times} vezes, com esperas de ${seconds(run.waits)}`, ...shown, 'end')
    at += run.period * run.times
  }
  return lines
}

/** How often the block at `at`, or the two blocks from there on, are repeated without a move of the saga. */
function repeatsFrom(blocks: readonly Block[], at: number) {
  for (const period of [1, 2]) {
    const texts = (from: number) =>
      JSON.stringify(blocks.slice(from, from + period).map(({ input, rest }) => [input, rest]))
    let end = at
    while (
      end + period <= blocks.length &&
      texts(end) === texts(at) &&
      blocks.slice(end, end + period).every((one) => one.isRepeat)
    )
      end += period
    const count = (end - at) / period
    if (count > 1) return { period, times: count, waits: blocks.slice(at, end).flatMap(({ waited }) => waited || []) }
  }
  return { period: 1, times: 1, waits: [] }
}

const seconds = (waits: readonly number[]) =>
  new Intl.ListFormat('pt-BR').format(
    waits.map((ms) => `${(ms / 1_000).toLocaleString('pt-BR', { maximumFractionDigits: 1 })} s`),
  )
