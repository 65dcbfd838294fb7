/**
 * Generated parts of hand-written pages: the blocks between `<!-- generated: name -->` and `<!-- /generated -->`. A page names
 * its blocks, so it decides what it shows and where.
 */
const BLOCK = /<!-- generated: ([\w-]+) -->\n[\s\S]*?<!-- \/generated -->/g

/** `contentOf` throws when there is no block of that name. */
export const filled = (page: string, contentOf: (name: string) => string): string =>
  page.replaceAll(BLOCK, (_, name: string) => `<!-- generated: ${name} -->\n${contentOf(name)}\n<!-- /generated -->`)

export const blockNames = (page: string): string[] => [...page.matchAll(BLOCK)].map(([, name = '']) => name)

export const mermaid = (source: string): string => `\`\`\`mermaid\n${source}\n\`\`\``
