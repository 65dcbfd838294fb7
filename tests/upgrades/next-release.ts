/**
 * Loaded before a program (`node --import`), it makes that program the next release: one whose purchases have one more step.
 * Everything else is the very code of this release.
 */
import { registerHooks } from 'node:module'

const REPLACED = new URL('../../services/orquestrador/runner/purchase-versions.ts', import.meta.url).href
const REPLACEMENT = new URL('./next-versions.ts', import.meta.url).href

registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context)
    return resolved.url === REPLACED ? { ...resolved, url: REPLACEMENT } : resolved
  },
})
