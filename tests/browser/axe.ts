/** What axe finds wrong with a page; its context must be opened with `bypassCSP`. */
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { ROOT } from '../../web/build.ts'

const AXE = readFileSync(`${ROOT}node_modules/axe-core/axe.min.js`, 'utf8')

interface Violation {
  readonly id: string
  readonly nodes: readonly { readonly html: string }[]
}

export async function axeFinds(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE)
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(): Promise<{ violations: readonly Violation[] }> } }
    return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
  })
}
