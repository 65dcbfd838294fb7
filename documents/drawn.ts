/** The drawings and figures of hand-written pages, and the pages with these filled in. Needs no running system. */
import { readFile } from 'node:fs/promises'
import { Graphviz } from '@hpcc-js/wasm-graphviz'
import { returnSaga } from '../services/orquestrador/return-saga.ts'
import { filled, mermaid } from './blocks.ts'
import { variablesTable } from './configuration.ts'
import { arithmetic, priceTable, summaryTable, trafficTable } from './cost/tables.ts'
import type { Generated } from './generated.ts'
import { chart, type View } from './saga-chart.ts'
import { sagaPlans } from './saga-plans.ts'
import { sequence, tales } from './saga-sequences.ts'
import { stepsTable, waitsTable } from './saga-table.ts'

const ROOT = new URL('../', import.meta.url)

/** Pages with generated blocks, from the root. */
const PAGES = ['docs/relatorio-saga.md', 'docs/arquitetura.md', 'docs/configuration.md']

const VIEWS: readonly View[] = ['compensation', 'cancellation', 'intervention']

export function blocks(): ReadonlyMap<string, () => string> {
  return new Map<string, () => string>([
    ...VIEWS.map((view): Block => [`saga-chart-${view}`, () => mermaid(chart(view))]),
    ...[...tales()].map(([name, words]): Block => [`saga-${name}`, () => mermaid(sequence(words))]),
    ['saga-steps', () => stepsTable()],
    ['saga-return-steps', () => stepsTable(returnSaga)],
    ['saga-waits', waitsTable],
    ['configuration', variablesTable],
    ['cost-traffic', trafficTable],
    ['cost-prices', priceTable],
    ['cost-months', summaryTable],
    ['cost-arithmetic', arithmetic],
  ])
}

type Block = [name: string, content: () => string]

export async function drawn(): Promise<readonly Generated[]> {
  const known = blocks()
  const contentOf = (name: string) => {
    const content = known.get(name)
    if (!content) throw new Error(`documents/drawn.ts has no block ${name}`)
    return content()
  }
  const pages = PAGES.map(async (path) => ({ path, text: filled(await read(path), contentOf) }))
  return [await architecture(), sagaPlans(), ...(await Promise.all(pages))]
}

async function architecture(): Promise<Generated> {
  const graphviz = await Graphviz.load()
  const svg = graphviz.dot(await read('docs/diagrams/arquitetura.dot'), 'svg')
  const named = svg.replace('<svg ', '<svg role="img" aria-label="Arquitetura do Mercado Veículo no Google Cloud" ')
  return { path: 'docs/diagrams/arquitetura.svg', text: named }
}

const read = (path: string) => readFile(new URL(path, ROOT), 'utf8')
