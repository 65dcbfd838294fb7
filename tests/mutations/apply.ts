/** To be preloaded: one mutation, named by MUTATION, is made in the source as it is loaded. No file is touched. */
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'
import { mutations } from './list.ts'

const ROOT = new URL('../../', import.meta.url)

const chosen = mutations.find(({ name }) => name === process.env.MUTATION)
if (chosen) {
  const target = new URL(chosen.file, ROOT).href
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context)
      if (url !== target) return loaded
      return { ...loaded, source: mutated(readFileSync(fileURLToPath(url), 'utf8'), chosen) }
    },
  })
}

/** Throws unless the place to be changed is there, once. */
export function mutated(source: string, { name, find, put }: (typeof mutations)[number]): string {
  const pieces = source.split(find)
  if (pieces.length !== 2) throw new Error(`${name}: its place occurs ${pieces.length - 1} times`)
  return pieces.join(put)
}
