/**
 * Photos in a bucket of Google Cloud Storage, by its JSON API, as the service account of this machine.
 * https://cloud.google.com/storage/docs/json_api/v1/objects
 */
import type { PhotoStorage } from './storage.ts'

export interface BucketOptions {
  readonly bucket: string
  /** `https://storage.googleapis.com` */
  readonly url: string
  readonly accessToken: () => Promise<string>
}

const PATIENCE_MS = 20_000
const PREFIX = 'photos/'

interface Listed {
  readonly items?: readonly { readonly name: string; readonly timeCreated: string }[]
  readonly nextPageToken?: string
}

export function bucketStorage({ bucket, url, accessToken }: BucketOptions): PhotoStorage {
  const objects = `${url}/storage/v1/b/${encodeURIComponent(bucket)}/o`
  const object = (name: string) => `${objects}/${encodeURIComponent(PREFIX + name)}`

  /** Throws unless the answer is a success or has one of the given statuses. */
  async function ask(address: string, request: RequestInit, ...fine: readonly number[]): Promise<Response> {
    const answer = await fetch(address, {
      ...request,
      headers: { ...request.headers, authorization: `Bearer ${await accessToken()}` },
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    if (answer.ok || fine.includes(answer.status)) return answer
    throw new Error(`Cloud Storage answered ${answer.status} to ${request.method ?? 'GET'}`)
  }

  return {
    async put(name, bytes, type) {
      const upload = `${url}/upload/storage/v1/b/${encodeURIComponent(bucket)}/o`
      const query = new URLSearchParams({ uploadType: 'media', name: PREFIX + name, ifGenerationMatch: '0' })
      const body = new Uint8Array(bytes)
      await ask(`${upload}?${query}`, { method: 'POST', headers: { 'content-type': type }, body }, 412) // 412: it is there
    },
    async get(name) {
      const answer = await ask(`${object(name)}?alt=media`, {}, 404)
      return answer.status === 404 ? undefined : new Uint8Array(await answer.arrayBuffer())
    },
    async remove(name) {
      await ask(object(name), { method: 'DELETE' }, 404)
    },
    async *list(before) {
      for (let page = ''; ; ) {
        const query = new URLSearchParams({ prefix: PREFIX, ...(page && { pageToken: page }) })
        const { items = [], nextPageToken = '' } = (await (await ask(`${objects}?${query}`, {})).json()) as Listed
        for (const { name, timeCreated } of items) if (new Date(timeCreated) < before) yield name.slice(PREFIX.length)
        if (nextPageToken === '') return
        page = nextPageToken
      }
    },
  }
}
