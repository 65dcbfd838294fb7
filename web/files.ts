/** Files of the build, read once and kept compressed: there are few, they are small, and their names change with them. */
import { readdirSync, readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'

interface File {
  readonly type: string
  readonly whole: Buffer
  readonly gzip?: Buffer
  readonly brotli?: Buffer
}

/** By path from the root of the site: `/assets/root-1a2b3c.js`. */
export type Files = ReadonlyMap<string, File>

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.jpg': 'image/jpeg',
  '.txt': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
}
const COMPRESSED = new Set(['.woff2', '.jpg'])

export function readFiles(folder: string): Files {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && !entry.parentPath.endsWith('/.vite'), // what the build notes for itself
  )
  return new Map(
    entries.map(({ parentPath, name }) => {
      const path = join(parentPath, name)
      const whole = readFileSync(path)
      const type = TYPES[extname(name)] ?? 'application/octet-stream'
      const small = COMPRESSED.has(extname(name)) ? {} : { gzip: gzipSync(whole), brotli: brotliCompressSync(whole) }
      return [path.slice(folder.length), { type, whole, ...small }]
    }),
  )
}

/** False when there is no such file. */
export function sendFile(files: Files, path: string, request: IncomingMessage, response: ServerResponse): boolean {
  const file = files.get(path)
  if (!file || (request.method !== 'GET' && request.method !== 'HEAD')) return false
  const { body, encoding } = smallest(file, String(request.headers['accept-encoding'] ?? ''))
  response.writeHead(200, {
    'content-type': file.type,
    'content-length': body.length,
    'cache-control': path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'public, max-age=3600',
    'x-content-type-options': 'nosniff',
    vary: 'accept-encoding',
    ...(encoding && { 'content-encoding': encoding }),
  })
  response.end(request.method === 'HEAD' ? undefined : body)
  return true
}

function smallest({ whole, gzip, brotli }: File, accepts: string): { body: Buffer; encoding?: string } {
  if (brotli && /\bbr\b/.test(accepts)) return { body: brotli, encoding: 'br' }
  if (gzip && /\bgzip\b/.test(accepts)) return { body: gzip, encoding: 'gzip' }
  return { body: whole }
}
