/** The saga's state chart in mermaid: every position that the engine can reach, found by trying every input at each. */
import { begin, decide, isFinal, type Saga, type SagaInput } from '#saga'
import { purchaseSaga } from '../services/orquestrador/purchase-saga.ts'
import { NOW, REQUEST, TRANSACTION } from './saga-answers.ts'
import { awaitedBy, inputOf, momentAt, type Word } from './saga-tale.ts'

export interface Edge {
  readonly from: Position
  readonly to: Position
  /** The input that leads there: a topic, or the input's name in the documents. */
  readonly by: string
}

interface Position {
  readonly status: string
  readonly step: string
}

/** Every move from one position to another; a step that is asked again stays where it is, and is no move. */
export function edges(): readonly Edge[] {
  const found = new Map<string, Edge>()
  const seen = new Set<string>()
  const open = [begin(purchaseSaga, TRANSACTION, REQUEST, momentAt(NOW)).saga]
  for (let saga = open.shift(); saga; saga = open.shift()) {
    if (seen.has(standing(saga))) continue
    seen.add(standing(saga))
    for (const input of inputsAt(saga)) {
      const next = decide(purchaseSaga, saga, input, momentAt(saga.deadline ?? NOW))
      if (!next.transition) continue
      open.push(next.saga)
      const edge = { from: positionOf(saga), to: positionOf(next.saga), by: nameOf(input) }
      if (idOf(edge.from) !== idOf(edge.to)) found.set(JSON.stringify(edge), edge)
    }
  }
  return [...found.values()]
}

/** Sagas at the same position behave alike: ids, times, resumptions and given-up steps decide nothing. */
const standing = ({ status, step, attempt, unwinding }: Saga) =>
  JSON.stringify([status, step, attempt, unwinding && { ...unwinding, given_up: [] }])

function inputsAt(saga: Saga): SagaInput[] {
  const words: Word[] = ['silence', 'cancel', 'resume', 'give_up']
  const awaited = isFinal(saga) ? undefined : awaitedBy(purchaseSaga, saga)
  if (!isFinal(saga)) words.push('done')
  if (!isFinal(saga) && (!awaited || awaited.failed)) words.push('failed')
  return words.map((word) => inputOf(word, saga))
}

const positionOf = ({ status, step }: Saga): Position => ({ status, step })

const NAMES: Readonly<Record<SagaInput['kind'], string>> = {
  reply: '',
  call_answered: 'HTTP 200',
  call_refused: 'HTTP 4xx',
  happened: 'chegada do veículo',
  deadline: 'prazo vencido',
  cancel: 'desistência',
  resume: 'retomada',
  give_up: 'abandono por um operador',
  redo: 'repetição por um operador',
}

const nameOf = (input: SagaInput) => (input.kind === 'reply' ? input.type : NAMES[input.kind])

export type View = 'compensation' | 'cancellation' | 'intervention'

const OPERATOR = 'FAILED_REQUIRES_MANUAL_INTERVENTION'

/** Three charts of the same saga, because one with every arrow is unreadable; together they have each arrow once. */
export function viewOf({ from, to }: Edge): View {
  if (from.status === OPERATOR || to.status === OPERATOR) return 'intervention'
  return to.status.startsWith('CANCEL') ? 'cancellation' : 'compensation'
}

const CLASSES = [
  'classDef going fill:#e8f1fb,stroke:#2c6fb3,color:#10243a',
  'classDef undoing fill:#fdf1df,stroke:#c77d16,color:#3d2604',
  'classDef good fill:#e4f5e8,stroke:#2d8a47,color:#0c2b15',
  'classDef bad fill:#eeeeee,stroke:#777777,color:#222222',
  'classDef operator fill:#fbe6e6,stroke:#b83232,color:#3a0c0c',
]

export function chart(view: View): string {
  const drawn = edges().filter((edge) => viewOf(edge) === view)
  const positions = new Map(drawn.flatMap(({ from, to }) => [from, to]).map((one) => [idOf(one), one]))
  return [
    'stateDiagram-v2',
    ...CLASSES,
    ...[...positions].map(([id, { status, step }]) => `state "${step}<br/>${status}" as ${id}`),
    ...(view === 'compensation' ? [`[*] --> ${idOf(positionOf(first()))}`] : []),
    ...merged(drawn),
    ...[...positions].map(([id, { status }]) => `class ${id} ${classOf(status)}`),
  ].join('\n')
}

const first = () => begin(purchaseSaga, TRANSACTION, REQUEST, momentAt(NOW)).saga

/** Arrows between the same two positions become one with all their names. */
function merged(drawn: readonly Edge[]): string[] {
  const names = new Map<string, string[]>()
  for (const { from, to, by } of drawn) {
    const arrow = `${idOf(from)} --> ${idOf(to)}`
    names.set(arrow, [...(names.get(arrow) ?? []), by])
  }
  return [...names].map(([arrow, by]) => `${arrow} : ${by.join('<br/>')}`)
}

/** Mermaid reserves some words (`end`), so an id is never a bare word. */
const idOf = ({ status, step }: Position) => `${status}__${step}`

function classOf(status: string): string {
  if (status === OPERATOR) return 'operator'
  if (status === 'COMPLETED') return 'good'
  if (status === 'COMPENSATING' || status === 'CANCELLING') return 'undoing'
  return status === 'STARTED' || status === 'IN_PROGRESS' ? 'going' : 'bad'
}
