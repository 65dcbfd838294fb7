/** The parts of Markdown that the tests of pages need: links, anchors, and code. */

const FENCE = /^(`{3,})(\w*)\n([\s\S]*?)^\1$/gm
const SPAN = /`([^`\n]+)`/g

/** Targets of links and pictures outside of code. */
export function linksOf(page: string): string[] {
  const prose = page.replaceAll(FENCE, '').replaceAll(SPAN, '')
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target)
}

/** As GitHub makes them from headings; a repeated heading gets a number. */
export function anchorsOf(page: string): ReadonlySet<string> {
  const anchors = new Set<string>()
  for (const [, heading = ''] of page.replaceAll(FENCE, '').matchAll(/^#{1,6} (.+)$/gm)) {
    const slug = slugOf(heading)
    let anchor = slug
    for (let number = 1; anchors.has(anchor); number += 1) anchor = `${slug}-${number}`
    anchors.add(anchor)
  }
  return anchors
}

const slugOf = (heading: string) =>
  heading
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-')

/** Spans and blocks of code, but for drawings. */
export function codeOf(page: string): string[] {
  const blocks = [...page.matchAll(FENCE)].flatMap(([, , language, code = '']) =>
    language === 'mermaid' ? [] : [code],
  )
  return [...blocks, ...[...page.replaceAll(FENCE, '').matchAll(SPAN)].map(([, code = '']) => code)]
}
