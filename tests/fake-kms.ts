/** A stand-in for Google's Cloud KMS and metadata server: the two calls that we make, with the refusals that Google gives. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

export interface FakeKms extends AsyncDisposable {
  /** For KMS_URL. */
  readonly url: string
  /** For GCE_METADATA_HOST. */
  readonly host: string
  /** What it was asked, in order: `encrypt projects/…`. */
  readonly asked: string[]
  /** Answers so many requests to come with this status. */
  fail(status: number, times: number): void
}

const TOKEN = 'ya29.of-this-machine'

export async function startFakeKms(): Promise<FakeKms> {
  const keys = new Map<string, Buffer>()
  const asked: string[] = []
  let failure = { status: 200, times: 0 }

  const server = createServer(async (request, response) => {
    const answer = (status: number, body: object) => response.writeHead(status).end(JSON.stringify(body))
    const refuse = (status: number, message: string) => answer(status, { error: { code: status, message } })
    if (request.url?.startsWith('/computeMetadata/')) {
      if (request.headers['metadata-flavor'] !== 'Google') return refuse(403, 'Missing Metadata-Flavor:Google header.')
      return answer(200, { access_token: TOKEN, expires_in: 3_599, token_type: 'Bearer' })
    }
    const [, name, action] = /^\/v1\/(projects\/.+):(encrypt|decrypt)$/.exec(request.url ?? '') ?? []
    if (request.method !== 'POST' || !name) return refuse(404, 'Not found')
    asked.push(`${action} ${name}`)
    if (failure.times-- > 0) return refuse(failure.status, 'as it was told')
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return refuse(401, 'Request had invalid credentials.')
    const { plaintext, ciphertext, additionalAuthenticatedData } = (await json(request)) as Record<string, string>
    const key = keys.get(name) ?? randomBytes(32)
    keys.set(name, key)
    const aad = Buffer.from(additionalAuthenticatedData ?? '', 'base64')
    if (action === 'encrypt') {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(aad)
      const parts = [nonce, cipher.update(Buffer.from(plaintext ?? '', 'base64')), cipher.final(), cipher.getAuthTag()]
      return answer(200, { name: `${name}/cryptoKeyVersions/1`, ciphertext: Buffer.concat(parts).toString('base64') })
    }
    try {
      const sealed = Buffer.from(ciphertext ?? '', 'base64')
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12), { authTagLength: 16 })
      decipher.setAAD(aad).setAuthTag(sealed.subarray(-16))
      const opened = Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()])
      return answer(200, { plaintext: opened.toString('base64') })
    } catch {
      return refuse(400, 'Decryption failed: the ciphertext is invalid.')
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: `http://${host}`,
    host,
    asked,
    fail(status, times) {
      failure = { status, times }
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
