/**
 * Large answers that are the same for everybody, such as OpenAPI documents and scripts of pages. They are made once, compressed
 * once for each coding, and not sent again to a client that has them. Otherwise one client that loops would slow everybody.
 */
import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'

export interface KeptDocument {
  readonly type: string
  readonly etag: string
  /** By coding; `identity` is uncompressed. */
  bytesIn(coding: Coding): Promise<Buffer>
}

type Coding = 'br' | 'gzip' | 'identity'

const brotli = promisify(brotliCompress)
const zip = promisify(gzip)
/** Of 11: the largest document, 4.9 MB, takes a second, off the event loop. */
const QUALITY = 9

export function keptDocument(type: string, text: string): KeptDocument {
  const plain = Buffer.from(text)
  const compressors: Readonly<Record<Coding, () => Promise<Buffer>>> = {
    br: () => brotli(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: QUALITY } }),
    gzip: () => zip(plain),
    identity: async () => plain,
  }
  const made = new Map<Coding, Promise<Buffer>>()
  return {
    type,
    etag: createHash('sha256').update(plain).digest('base64url').slice(0, 22),
    bytesIn(coding) {
      const known = made.get(coding) ?? compressors[coding]()
      made.set(coding, known)
      return known
    },
  }
}

/** The bytes to send; empty for a client that has them. Sets the reply's status and headers. */
export async function answerKept(
  request: FastifyRequest,
  reply: FastifyReply,
  document: KeptDocument,
  cacheControl = 'no-cache',
): Promise<Buffer | ''> {
  const coding = codingFor(request.headers['accept-encoding'] ?? '')
  const etag = `"${document.etag}${coding === 'identity' ? '' : `-${coding}`}"`
  reply.headers({ etag, vary: 'accept-encoding', 'cache-control': cacheControl })
  const had = (request.headers['if-none-match'] ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  if (had.includes(etag)) {
    reply.code(304)
    return ''
  }
  reply.type(document.type)
  if (coding !== 'identity') reply.header('content-encoding', coding)
  return await document.bytesIn(coding)
}

function codingFor(accepted: string): Coding {
  const wanted = accepted.split(',').map((one) => one.trim().toLowerCase())
  const takes = (name: string) => wanted.some((one) => new RegExp(`^${name}(;(?!\\s*q=0(\\.0*)?$).*)?$`).test(one))
  if (takes('br')) return 'br'
  return takes('gzip') ? 'gzip' : 'identity'
}
