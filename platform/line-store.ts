/** Where signed lines lie, outside the databases: in a file, or as objects of a bucket whose retention keeps them from everybody. */
import { randomBytes } from 'node:crypto'
import { appendFile, mkdir, open, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Config } from './config.ts'
import { googleToken } from './google-token.ts'

export interface LineStore {
  readonly place: string
  /** Whole lines, each with its end. */
  append(text: string): Promise<void>
  /** Oldest first; nothing when nothing was added yet. `since`: older ones may be left out. */
  read(since?: Date): Promise<string>
}

/** `name`: as in `cliente-service`. */
export const lineStore = (
  {
    DATA_DIR,
    ANCHORS_BUCKET,
    STORAGE_URL,
    GCE_METADATA_HOST,
  }: Pick<Config, 'DATA_DIR' | 'ANCHORS_BUCKET' | 'STORAGE_URL' | 'GCE_METADATA_HOST'>,
  name: string,
): LineStore =>
  ANCHORS_BUCKET
    ? inBucket({ bucket: ANCHORS_BUCKET, url: STORAGE_URL, metadata: GCE_METADATA_HOST }, name)
    : inFile(join(DATA_DIR, 'anchors', `${name}.jsonl`))

const inFile = (path: string): LineStore => ({
  place: path,
  async append(text) {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    // one write: of two processes that add at once, each has its lines whole
    await appendFile(path, (await isCutOff(path)) ? `\n${text}` : text, { mode: 0o600, flush: true })
  },
  read: () =>
    readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return ''
      throw error
    }),
})

/** A full disk may have cut the last line off. The next line must then start on a line of its own. */
async function isCutOff(path: string): Promise<boolean> {
  const file = await open(path).catch(() => undefined)
  if (!file) return false
  try {
    const { size } = await file.stat()
    const { buffer, bytesRead } = await file.read(Buffer.alloc(1), 0, 1, size - 1)
    return bytesRead === 1 && buffer[0] !== NEWLINE
  } finally {
    await file.close()
  }
}

interface Bucket {
  readonly bucket: string
  /** `https://storage.googleapis.com` */
  readonly url: string
  readonly metadata: string
}

const NEWLINE = 0x0a
const PATIENCE_MS = 10_000
const AT_ONCE = 16

/**
 * One object for each time that something is added, named by its time, so that names are in their order: an object under retention can be
 * neither added to nor replaced. https://cloud.google.com/storage/docs/json_api/v1/objects
 */
function inBucket({ bucket, url, metadata }: Bucket, name: string): LineStore {
  async function ask(path: string, init: { method: string; body?: string } = { method: 'GET' }): Promise<Response> {
    const answer = await fetch(`${url}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${await googleToken(metadata)}`, 'content-type': 'text/plain' },
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    if (!answer.ok) throw new Error(`the bucket ${bucket} answered ${answer.status}`)
    return answer
  }

  async function objectsSince(since: Date): Promise<string[]> {
    const names: string[] = []
    for (let page: string | undefined = ''; page !== undefined; ) {
      const query = new URLSearchParams({
        ...{ prefix: `${name}/`, startOffset: `${name}/${since.toISOString()}`, fields: 'items(name),nextPageToken' },
        ...(page && { pageToken: page }),
      })
      const answer = await ask(`/storage/v1/b/${bucket}/o?${query}`)
      const { items = [], nextPageToken } = (await answer.json()) as {
        items?: { name: string }[]
        nextPageToken?: string
      }
      names.push(...items.map((item) => item.name))
      page = nextPageToken
    }
    return names
  }

  const textOf = async (object: string) =>
    (await ask(`/storage/v1/b/${bucket}/o/${encodeURIComponent(object)}?alt=media`)).text()

  return {
    place: `gs://${bucket}/${name}/`,
    async append(text) {
      const object = `${name}/${new Date().toISOString()}-${randomBytes(4).toString('hex')}.jsonl`
      const query = new URLSearchParams({ uploadType: 'media', name: object, ifGenerationMatch: '0' })
      await ask(`/upload/storage/v1/b/${bucket}/o?${query}`, { method: 'POST', body: text })
    },
    async read(since = new Date(0)) {
      const objects = await objectsSince(since)
      const texts: string[] = []
      for (let from = 0; from < objects.length; from += AT_ONCE)
        texts.push(...(await Promise.all(objects.slice(from, from + AT_ONCE).map(textOf))))
      return texts.join('')
    },
  }
}
