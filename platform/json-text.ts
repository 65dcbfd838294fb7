/**
 * Things that a JSON parser does not report: a key that is named twice, of which the last would silently win, and a number
 * with more digits than can be kept. Also brings text into one form, so that texts that look the same are equal (NFC).
 */
import { numberTyped } from './decimals.ts'

export interface JsonFaults {
  /** The first key that stands twice in one object; undefined: none does. */
  readonly twice?: string
  /** JSON Pointers of the numbers that lose digits. */
  readonly inexact: readonly string[]
}

type Level = { readonly keys: Set<string>; key: string } | { index: number }

const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*|[{}[\],:]/g

/** `text` must be valid JSON that has been parsed already. */
export function faultsOf(text: string): JsonFaults {
  const inexact: string[] = []
  const levels: Level[] = []
  let isKey = false
  for (const [token] of text.matchAll(TOKEN)) {
    const level = levels.at(-1)
    switch (token[0]) {
      case '{':
        levels.push({ keys: new Set(), key: '' })
        isKey = true
        break
      case '[':
        levels.push({ index: 0 })
        isKey = false
        break
      case '}':
      case ']':
        levels.pop()
        isKey = false
        break
      case ',':
        if (level && 'index' in level) level.index += 1
        else isKey = true
        break
      case ':':
        isKey = false
        break
      case '"': {
        if (!isKey || !level || 'index' in level) break
        level.key = String(JSON.parse(token)).normalize('NFC')
        if (level.keys.has(level.key)) return { twice: level.key, inexact }
        level.keys.add(level.key)
        break
      }
      default:
        if (numberTyped(token) === undefined) inexact.push(pointerTo(levels))
    }
  }
  return { inexact }
}

const pointerTo = (levels: readonly Level[]): string =>
  levels.map((level) => `/${'index' in level ? level.index : escapePointer(level.key)}`).join('') || '/'

/** RFC 6901. */
export const escapePointer = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1')

/** The same value with every text, keys included, in NFC. */
export function composed(value: unknown): unknown {
  if (typeof value === 'string') return value.normalize('NFC')
  if (Array.isArray(value)) return value.map(composed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.normalize('NFC'), composed(inner)]))
}
