/**
 * Small files of our own that a start needs, such as keys and secrets. The first of several processes makes a file, and from then
 * on all read it. If a file is damaged, or belongs to another user, the error names it and says what to do.
 */
import { randomUUID } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { CannotStart } from './cannot-start.ts'

export interface OwnFile<Content> {
  readonly path: string
  /** `the key of …`: what the file is, for messages. */
  readonly what: string
  /** What to do when it is damaged: a sentence without its full stop. */
  readonly advice: string
  /** Returns undefined, or throws, when the file is damaged. */
  readonly parse: (text: string) => Content | undefined
}

/** Undefined when there is no such file; throws CannotStart when it cannot be read, or is damaged. */
export function readOwn<Content>({ path, what, advice, parse }: OwnFile<Content>): Content | undefined {
  const text = readIfThere(path, what)
  if (text === undefined) return undefined
  const damaged = (why: string) => new CannotStart(`${what}, ${path}, is damaged: ${why}. ${advice}.`)
  if (text.trim() === '') throw damaged('it is empty')
  let content: Content | undefined
  try {
    content = parse(text)
  } catch (error) {
    throw damaged(error instanceof Error ? error.message : 'it cannot be understood')
  }
  if (content === undefined) throw damaged('something else stands in it')
  return content
}

/** The file's content; `make` gives the content of a new file. */
export function readOrMakeOwn<Content>(file: OwnFile<Content>, make: () => string): Content {
  const found = readOwn(file)
  if (found !== undefined) return found
  const { path, what } = file
  const draft = `${path}.${randomUUID()}`
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(draft, make(), { mode: 0o600, flush: true })
    linkSync(draft, path) // written whole or not at all, and by the first of several processes only
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw new CannotStart(`${what} cannot be kept in ${path}: ${whyNot(error)}`)
  } finally {
    rmSync(draft, { force: true })
  }
  const kept = readOwn(file)
  if (kept === undefined) throw new CannotStart(`${what}, ${path}, vanished while it was made. Start again.`)
  return kept
}

function readIfThere(path: string, what: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw new CannotStart(`${what}, ${path}, cannot be read: ${whyNot(error)}`)
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'it is another user’s. Run as that user, or set DATA_DIR to a folder of your own.',
  EPERM: 'it is another user’s. Run as that user, or set DATA_DIR to a folder of your own.',
  EROFS: 'the disk takes no writing. Set DATA_DIR to a folder that does.',
  ENOSPC: 'the disk is full. Make room, then start again.',
  EISDIR: 'a folder stands in its place. Move that away.',
  ENOTDIR: 'a part of the path is a file. Set DATA_DIR to another folder, or move the file away.',
}

/** Why the file system refused, and what to do, as sentences. */
export const whyNot = (error: unknown): string => WORDS[codeOf(error)] ?? `${codeOf(error) || error}.`
