/** The port of photos against its two kinds: a folder, and a bucket behind a small stand-in of Cloud Storage's JSON API. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { temporaryFolder } from '../../../tests/fixtures/temporary-folder.ts'
import { bucketStorage } from './bucket-storage.ts'
import { folderStorage } from './folder-storage.ts'
import type { PhotoStorage } from './storage.ts'

const PAGE = 2
const objects = new Map<string, { bytes: Buffer; type: string; at: Date }>()
let failures = 0

const bucket = createServer(async (request, response) => {
  const bytes = Buffer.concat(await Array.fromAsync(request))
  const { status, body } = answered(request, bytes)
  response.writeHead(status).end(body)
})
bucket.listen(0, '127.0.0.1')
await once(bucket, 'listening')
after(() => bucket.close())

function answered(request: IncomingMessage, bytes: Buffer): { status: number; body?: string | Buffer } {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost')
  if (request.headers.authorization !== 'Bearer token') return { status: 401 }
  if (failures > 0) {
    failures -= 1
    return { status: 503 }
  }
  if (pathname === '/upload/storage/v1/b/fotos/o') {
    const name = searchParams.get('name') ?? ''
    if (objects.has(name) && searchParams.get('ifGenerationMatch') === '0') return { status: 412 }
    objects.set(name, { bytes, type: String(request.headers['content-type']), at: new Date() })
    return { status: 200, body: '{}' }
  }
  if (pathname === '/storage/v1/b/fotos/o') {
    const names = [...objects.keys()].filter((name) => name.startsWith(searchParams.get('prefix') ?? '')).sort()
    const from = Number(searchParams.get('pageToken') ?? 0)
    const items = names.slice(from, from + PAGE).map((name) => ({ name, timeCreated: objects.get(name)?.at }))
    const more = from + PAGE < names.length && { nextPageToken: String(from + PAGE) }
    return { status: 200, body: JSON.stringify({ items, ...more }) }
  }
  const name = decodeURIComponent(pathname.slice('/storage/v1/b/fotos/o/'.length))
  const found = objects.get(name)
  if (!found) return { status: 404 }
  if (request.method === 'DELETE') objects.delete(name)
  return { status: 200, body: found.bytes }
}

const url = `http://127.0.0.1:${(bucket.address() as AddressInfo).port}`
const inBucket = bucketStorage({ bucket: 'fotos', url, accessToken: async () => 'token' })
const kinds: Readonly<Record<string, PhotoStorage>> = {
  'a folder': folderStorage(await temporaryFolder('fotos')),
  'a bucket': inBucket,
}

for (const [kind, storage] of Object.entries(kinds))
  test(`${kind} gives back what was put there, lists it once it is old enough, and forgets what is removed`, async () => {
    const names = ['aa-320.webp', 'ab-320.webp', 'b-320.webp']
    for (const name of names) await storage.put(name, Buffer.from(name), 'image/webp')
    await storage.put(names[0] ?? '', Buffer.from(names[0] ?? ''), 'image/webp')
    for (const name of names) assert.equal(Buffer.from((await storage.get(name)) ?? []).toString(), name)
    const listed = (before: Date) => Array.fromAsync(storage.list(before))
    assert.deepEqual(await listed(new Date(Date.now() - 60_000)), [])
    assert.deepEqual((await listed(new Date(Date.now() + 60_000))).sort(), names)
    await storage.remove('ab-320.webp')
    await storage.remove('ab-320.webp')
    assert.equal(await storage.get('ab-320.webp'), undefined)
    assert.deepEqual((await listed(new Date(Date.now() + 60_000))).sort(), ['aa-320.webp', 'b-320.webp'])
  })

test('a bucket that fails is no absent photo', async () => {
  failures = 1
  await assert.rejects(inBucket.get('aa-320.webp'), /503/)
  failures = 1
  await assert.rejects(inBucket.put('zz-320.webp', Buffer.from('z'), 'image/webp'), /503/)
})
