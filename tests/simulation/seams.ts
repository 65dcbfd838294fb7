/**
 * The seam between the services and their databases: in place of each store that a service imports, it loads the twin in memory.
 * Handlers, runners, settlements, unit of work and consumers are the very files that run in production. Import this before anything
 * that imports a service; that is why the simulation is loaded by `await import(…)`.
 */
import { registerHooks } from 'node:module'
import { twinOf } from './twins.ts'

const ROOT = new URL('../../', import.meta.url).href
/** Schemas are compiled once, not at each of a million starts. */
const COMPILE = new URL('./compile-once.ts', import.meta.url).href
/** A file imported so exists beside the same file on its real store, and so do the files of its service that it imports. */
export const TWIN = '?twin'
const OF_A_SERVICE = /^(?:services|messaging|host)\//

registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context)
    const parent = context.parentURL?.startsWith(ROOT) ? context.parentURL.slice(ROOT.length) : ''
    if (!OF_A_SERVICE.test(parent)) return resolved
    if (specifier === 'typebox/compile') return { ...resolved, url: COMPILE, format: 'module-typescript' }
    const twin = resolved.url.startsWith(ROOT) ? twinOf(resolved.url.slice(ROOT.length)) : undefined
    if (twin) return { ...resolved, url: twin }
    const isOfTwin = parent.endsWith(TWIN) && resolved.url.startsWith(`${ROOT}services/`)
    return isOfTwin ? { ...resolved, url: `${resolved.url}${TWIN}` } : resolved
  },
})
