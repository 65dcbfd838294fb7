/**
 * Pages that people write and that have parts which are generated: what stands between `<!-- generated: name -->` and
 * `<!-- /generated -->`. Each block is asked for by its name, so a page decides what it shows and where.
 */
const BLOCK = /<!-- generated: ([\w-]+) -->\n[\s\S]*?<!-- \/generated -->/g

/** `contentOf` throws when there is no block of that name. */
export const filled = (page: string, contentOf: (name: string) => string): string =>
  page.replaceAll(BLOCK, (_, name: string) => `<!-- generated: ${name} -->\n${contentOf(name)}\n<!-- /generated -->`)

export const blockNames = (page: string): string[] => [...page.matchAll(BLOCK)].map(([, name = '']) => name)

export const mermaid = (source: string): string => `\`\`\`mermaid\n${source}\n\`\`\``
