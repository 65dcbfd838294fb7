/**
 * The connection to a PSP: mutual TLS, a bearer token, limited time. A refusal by the PSP is a value. A failure that says nothing
 * about the request itself (no connection, a time-out, 429, 5xx, a refused token) is a ProviderFault.
 */
import { Agent } from 'node:https'
import { exchange } from '#platform/exchange'
import { lifetime } from '#platform/lifetime'
import { ProviderFault } from '../../domain/provider.ts'

export interface PixConnectionOptions {
  /** `https://pix.example.com/api`, without `/v2`. */
  readonly baseUrl: string
  readonly tokenUrl: string
  readonly clientId: string
  readonly clientSecret: string
  /** PEM: our own, which we show the PSP. */
  readonly certificate: string
  readonly key: string
  /** PEM: the only authority accepted for the PSP's certificate. Absent: the authorities that Node knows. */
  readonly ca?: string | undefined
  /** The time for one call, from the connection to the end of its answer. */
  readonly timeoutMs?: number
}

type PixAnswer =
  | { readonly ok: true; readonly body: unknown }
  | { readonly ok: false; readonly status: number; readonly reason: string }

export interface PixConnection extends AsyncDisposable {
  /** `path` follows `/v2`. */
  call(method: 'GET' | 'PUT' | 'PATCH', path: string, body?: object): Promise<PixAnswer>
}

const TIMEOUT_MS = 8_000
const SCOPES = 'cob.write cob.read pix.write pix.read'
/** A token must still be valid for so long when a request is sent with it. */
const TOKEN_MARGIN_MS = 30_000
/** A token is renewed after this time, even if the PSP says that it lives longer. */
const TOKEN_LIFE_SECONDS = 86_400
const ANSWER_LIMIT = 1024 * 1024

export function pixConnection({ timeoutMs = TIMEOUT_MS, ...options }: PixConnectionOptions): PixConnection {
  const { certificate: cert, key, ca } = options
  const agent = new Agent({ keepAlive: true, maxSockets: 16, cert, key, ...(ca && { ca }) })
  const base = `${options.baseUrl.replace(/\/+$/, '')}/v2`
  let token: Promise<Token> | undefined
  let renewing: Promise<Token> | undefined

  /** One request for a token serves all that wait for it. */
  async function accessToken(refused?: string): Promise<string> {
    const known = await token?.catch(() => undefined)
    if (known && known.text !== refused && known.isGood()) return known.text
    token = renewing ??= askForToken().finally(() => {
      renewing = undefined
    })
    return (await token).text
  }

  async function askForToken(): Promise<Token> {
    const { clientId, clientSecret, tokenUrl } = options
    const credentials = [clientId, clientSecret].map(encodeURIComponent).join(':') // RFC 6749, 2.3.1
    const { status, headers, body } = await send(tokenUrl, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope: SCOPES }).toString(),
    })
    if (status !== 200) throw new ProviderFault(`no access token: ${status} ${reasonOf(body)}`, retryAfterMs(headers))
    // a token that fits no header would be kept, and fail every request until it expires
    if (!isRecord(body) || typeof body.access_token !== 'string' || !/^[\x21-\x7e]{1,8192}$/.test(body.access_token))
      throw new ProviderFault('no access token in the answer')
    const seconds =
      typeof body.expires_in === 'number' ? Math.min(Math.max(body.expires_in, 0), TOKEN_LIFE_SECONDS) : 60
    const lasts = Math.max(seconds * 1_000 - TOKEN_MARGIN_MS, seconds * 500)
    return { text: body.access_token, isGood: lifetime(lasts) }
  }

  async function send(url: string, { method, headers, body }: Sent): Promise<Received> {
    const signal = AbortSignal.timeout(timeoutMs)
    try {
      const answer = await exchange(url, { method, headers, body, agent, signal })
      const text = await limited(answer)
      return { status: answer.statusCode ?? 0, headers: answer.headers, body: parsed(text) }
    } catch (error) {
      if (error instanceof ProviderFault) throw error
      throw new ProviderFault(`no answer to ${method} ${new URL(url).pathname}`, { cause: error })
    }
  }

  return {
    async call(method, path, body) {
      let refused: string | undefined
      for (;;) {
        const bearer = await accessToken(refused)
        const answer = await send(`${base}${path}`, {
          method,
          headers: { authorization: `Bearer ${bearer}`, ...(body && { 'content-type': 'application/json' }) },
          ...(body && { body: JSON.stringify(body) }),
        })
        const { status } = answer
        if (status >= 200 && status < 300) return { ok: true, body: answer.body }
        if (status === 401 && refused === undefined) {
          refused = bearer
          continue
        }
        const isFault = status < 400 || status >= 500 || [401, 408, 425, 429].includes(status)
        if (!isFault) return { ok: false, status, reason: reasonOf(answer.body) || `http_${status}` }
        throw new ProviderFault(
          `${method} was answered ${status} ${reasonOf(answer.body)}`,
          retryAfterMs(answer.headers),
        )
      }
    },
    [Symbol.asyncDispose]: async () => agent.destroy(),
  }
}

interface Token {
  readonly text: string
  readonly isGood: () => boolean
}

interface Sent {
  readonly method: 'GET' | 'PUT' | 'PATCH' | 'POST'
  readonly headers: Record<string, string>
  readonly body?: string
}

interface Received {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: unknown
}

async function limited(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > ANSWER_LIMIT) throw new ProviderFault('the answer is too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Undefined when it is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

/**
 * The kind of error that the API Pix names, and the fields that it calls wrong. The rest of the answer is not kept, because it
 * can hold personal data.
 */
function reasonOf(body: unknown): string {
  if (!isRecord(body)) return ''
  const kind = word(typeof body.type === 'string' ? body.type.split('/').at(-1) : body.error)
  const violations = Array.isArray(body.violacoes) ? body.violacoes : []
  const fields = violations.flatMap((one) => (isRecord(one) ? word(one.propriedade) : [])).slice(0, 5)
  return [kind, ...fields].filter(Boolean).join(' ')
}

const word = (value: unknown): string => (typeof value === 'string' && /^[\w.[\]-]{1,60}$/.test(value) ? value : '')

/** In seconds, or as a date. */
function retryAfterMs(headers: Received['headers']): { retryAfterMs?: number } {
  const text = headers['retry-after']
  if (typeof text !== 'string') return {}
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - Date.now()
  return Number.isFinite(ms) && ms > 0 ? { retryAfterMs: ms } : {}
}
