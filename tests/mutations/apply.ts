/** To be preloaded: one mutation, which MUTATION holds as JSON, is made in the source as it is loaded. No file is touched. */
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { Mutation } from './mutation.ts'

const ROOT = new URL('../../', import.meta.url)

if (process.env.MUTATION) {
  const chosen: Mutation = JSON.parse(process.env.MUTATION)
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
export function mutated(source: string, { name, find, put }: Mutation): string {
  const pieces = source.split(find)
  if (pieces.length !== 2) throw new Error(`${name}: its place occurs ${pieces.length - 1} times`)
  return pieces.join(put)
}
