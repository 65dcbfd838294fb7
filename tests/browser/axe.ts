/** What axe finds wrong with a page; its context must be opened with `bypassCSP`. */
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { ROOT } from '../../web/build.ts'
import { isLarge } from '../fixtures/size.ts'

const AXE = readFileSync(`${ROOT}node_modules/axe-core/axe.min.js`, 'utf8')

interface Violation {
  readonly id: string
  readonly nodes: readonly { readonly html: string }[]
}

/** What changes with the theme and the width. A page whose words and roles were looked at in one theme has the same ones in the other. */
const SEEN = ['color-contrast', 'link-in-text-block', 'target-size', 'scrollable-region-focusable']

/** `again`: the page was looked at in the other theme before. */
export async function axeFinds(page: Page, again = false): Promise<readonly string[]> {
  await page.evaluate(AXE)
  return page.evaluate(
    async (rules) => {
      const { axe } = window as unknown as { axe: { run(options: object): Promise<{ violations: Violation[] }> } }
      const { violations } = await axe.run(rules ? { runOnly: rules } : {})
      return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
    },
    again && !isLarge ? SEEN : undefined,
  )
}
