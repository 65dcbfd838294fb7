/**
 * A body that holds a file. It is read whole before the handler runs, up to the route's limit. At most four are read at a
 * time, because each may be 16 MB.
 */
import type { FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { checkCoding } from '#platform/http/json-bodies'
import type { HttpApp } from '#platform/http/server'
import { escapePointer, faultsOf } from '#platform/json-text'
import { Problem } from '#platform/problem'
import { isWithin, PHOTO_BYTES } from '../domain/photo.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Its body is multipart. */
    takesUploads?: boolean
  }
}

const AT_ONCE = 4
const Percent = Type.Number({ minimum: 0, maximum: 100 })
const Covers = Type.Array(
  Type.Object({ left: Percent, top: Percent, width: Percent, height: Percent }, { additionalProperties: false }),
  { maxItems: 20 },
)
const checkCovers = Compile(Covers)

interface Upload {
  readonly bytes: Uint8Array
  /** The type that the client claims; empty: none. */
  readonly claimed: string
  readonly covers: Static<typeof Covers>
}

export function takeUploads(app: HttpApp): void {
  const reading = new Set<FastifyRequest>()
  app.addHook('onRequest', (request, reply, done) => {
    if (!request.routeOptions.config.takesUploads) return done()
    if (reading.size >= AT_ONCE) throw new Problem('photos_busy', { retry_after: 3 })
    reading.add(request)
    reply.raw.once('close', () => reading.delete(request))
    done()
  })
  app.addContentTypeParser(
    'multipart/form-data',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) => formOf(request, body),
  )
}

function formOf(request: FastifyRequest, body: Buffer): Buffer {
  if (!request.routeOptions.config.takesUploads) throw new Problem('unsupported_media_type')
  checkCoding(request)
  return body
}

/** The part `photo`, and what its part `covers` says. */
export async function uploadIn({ headers, body }: FastifyRequest): Promise<Upload> {
  if (!Buffer.isBuffer(body)) throw new Problem('unsupported_media_type')
  const form = await new Response(new Uint8Array(body), {
    headers: { 'content-type': String(headers['content-type']) },
  })
    .formData()
    .catch(() => {
      throw new Problem('bad_request')
    })
  const files = form.getAll('photo')
  const [photo] = files
  if (files.length !== 1 || !(photo instanceof File)) throw misfit('/photo', 'must be one file')
  if (photo.size > PHOTO_BYTES) throw new Problem('photo_too_large')
  const [told = null, ...more] = form.getAll('covers')
  if (more.length > 0) throw misfit('/covers', 'must be there once')
  const strange = [...form.keys()].find((name) => name !== 'photo' && name !== 'covers')
  if (strange !== undefined) throw misfit(`/${escapePointer(strange)}`, 'is not a field of this request')
  const covers = coversIn(told)
  return { bytes: new Uint8Array(await photo.arrayBuffer()), claimed: photo.type.split(';')[0] ?? '', covers }
}

function coversIn(told: FormDataEntryValue | null): Static<typeof Covers> {
  if (told === null) return []
  const covers = typeof told === 'string' ? parsed(told) : undefined
  if (checkCovers.Check(covers) && covers.every(isWithin)) return covers
  throw misfit('/covers', 'must be areas within the picture: [{left, top, width, height}], in percent')
}

function parsed(json: string): unknown {
  try {
    const value: unknown = JSON.parse(json)
    return faultsOf(json).twice === undefined ? value : undefined
  } catch {
    return undefined
  }
}

const misfit = (path: string, message: string) => new Problem('validation_failed', { errors: [{ path, message }] })
