/**
 * A PSP that a test plays: the API Pix over HTTPS with mutual TLS and OAuth2, strictly by Banco Central's description. Every request
 * and every answer is checked against it; deviations are kept in `faults`, and a test expects none.
 */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { TLSSocket } from 'node:tls'
import { type Authority, authority, type Certified } from './certificates.ts'
import { faultsOfAnswer, faultsOfCallback, faultsOfRequest, type Operation, operationFor } from './description.ts'
import { type Answer, type Charge, ledger, problem } from './ledger.ts'

export const CLIENT_ID = 'mercado-veiculo'
export const CLIENT_SECRET = 'segredo+do cliente'
export const PIX_KEY = '7d9f0335-8dcc-4054-9bf9-0dbd61d36906'

/** A disturbance of a request, before or after it is served. */
type Mishap =
  | { readonly kind: 'answer'; readonly status: number; readonly headers?: Record<string, string> }
  | { readonly kind: 'silence' | 'reset' | 'lost_answer' | 'nonsense' }
  | { readonly kind: 'meanwhile'; readonly happens: () => void }
  /** Changes the answer, even into nonsense. */
  | { readonly kind: 'lie'; readonly told: (body: Record<string, unknown>) => unknown }
  /** Sends an endless answer in pieces, so many milliseconds apart. */
  | { readonly kind: 'endless'; readonly piece: string; readonly every: number }

export interface Psp extends AsyncDisposable {
  /** Without `/v2`. */
  readonly baseUrl: string
  readonly tokenUrl: string
  readonly authority: Authority
  /** The certificate by which the PSP knows the receiver. */
  readonly client: Certified
  /** Deviations from the description, in either direction. */
  readonly faults: string[]
  /** `PUT /cob/{txid}`, oldest first; a token's is `token`. */
  readonly requests: string[]
  readonly charges: ReadonlyMap<string, Charge>
  /** Disturbs the next requests of a kind, one after the other: `next('PUT /cob/{txid}', …)`. */
  next(operation: string, ...mishaps: readonly Mishap[]): void
  /** Somebody pays; returns the end-to-end id. BRL text, the charge's own amount unless said. */
  pay(txid: string, valor?: string): string
  /** How refunds end, from now on. */
  refundsEndAs(status: 'DEVOLVIDO' | 'NAO_REALIZADO'): void
  /** Makes every token that was given worthless. */
  forgetTokens(): void
  /** The body of the callback about these payments. */
  callback(...end_to_end_ids: readonly string[]): object
}

export async function startPsp({ tokenSeconds = 3_600 } = {}): Promise<Psp> {
  const own = await authority('PSP')
  const [served, client] = await Promise.all([own.issue('localhost'), own.issue(CLIENT_ID)])
  const books = ledger(PIX_KEY)
  const faults: string[] = []
  const requests: string[] = []
  const mishaps = new Map<string, Mishap[]>()
  const tokens = new Map<string, { readonly until: number; readonly scopes: readonly string[] }>()

  const server = createServer(
    { key: served.key, cert: served.certificate, ca: own.certificate, requestCert: true, rejectUnauthorized: true },
    (request, response) => void serve(request, response).catch((error) => faults.push(String(error))),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const origin = `https://localhost:${typeof address === 'object' ? address?.port : 0}`

  async function serve(request: IncomingMessage, response: ServerResponse) {
    const text = (await request.toArray()).join('')
    const path = request.url ?? ''
    if (path === '/oauth/token') return answerWith(request, response, 'token', () => giveToken(request, text))
    const operation = path.startsWith('/api/v2/') ? operationFor(request.method ?? '', path.slice(7)) : undefined
    if (!operation) {
      faults.push(`no operation ${request.method} ${path}`)
      return send(response, { status: 404, body: {} })
    }
    const name = `${request.method} ${operation.path}`
    return answerWith(request, response, name, () => {
      const answer = serveOperation(request, operation, text)
      faults.push(...faultsOfAnswer(operation, answer.status, answer.body).map((fault) => `${name}: ${fault}`))
      return answer
    })
  }

  function answerWith(request: IncomingMessage, response: ServerResponse, name: string, work: () => Answer) {
    requests.push(name)
    const mishap = mishaps.get(name)?.shift()
    switch (mishap?.kind) {
      case 'answer': {
        const { status, headers = {} } = mishap
        return send(response, { status, headers, body: problem('ServicoIndisponivel', status) })
      }
      case 'silence':
        return
      case 'reset':
        return void request.socket.destroy()
      case 'lost_answer':
        work()
        return void request.socket.destroy()
      case 'nonsense':
        return void response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":')
      case 'lie': {
        const { status, body } = work()
        return send(response, { status, body: mishap.told(body as Record<string, unknown>) as object })
      }
      case 'endless':
        return pourInto(response, mishap)
      case 'meanwhile':
        mishap.happens()
    }
    send(response, work())
  }

  function serveOperation(request: IncomingMessage, operation: Operation, text: string): Answer {
    const token = tokens.get(/^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '')
    if (!token || token.until < Date.now()) return { status: 401, body: problem('AcessoNegado', 401) }
    if (!operation.scopes.every((scope) => token.scopes.includes(scope))) {
      faults.push(`a token without ${operation.scopes}`)
      return { status: 403, body: problem('AcessoNegado', 403) }
    }
    const body = text ? JSON.parse(text) : undefined
    const wrong = faultsOfRequest(operation, body)
    if (wrong.length > 0) {
      faults.push(...wrong.map((fault) => `${request.method} ${operation.path}: ${fault}`))
      return { status: 400, body: problem('RequisicaoInvalida', 400) }
    }
    return books.serve(`${request.method} ${operation.path}`, operation.params, body)
  }

  function giveToken(request: IncomingMessage, text: string): Answer {
    const form = new URLSearchParams(text)
    const [kind, encoded = ''] = (request.headers.authorization ?? '').split(' ')
    const given = Buffer.from(encoded, 'base64').toString().split(':').map(decodeURIComponent).join(':')
    const isForm = request.headers['content-type'] === 'application/x-www-form-urlencoded'
    if (!isForm || form.get('grant_type') !== 'client_credentials') faults.push('not a client credentials grant')
    const { subject } = (request.socket as TLSSocket).getPeerCertificate()
    if (kind !== 'Basic' || given !== `${CLIENT_ID}:${CLIENT_SECRET}` || subject.CN !== CLIENT_ID) {
      return { status: 401, body: { error: 'invalid_client' } }
    }
    const scopes = (form.get('scope') ?? '').split(' ')
    const access_token = randomBytes(24).toString('base64url')
    tokens.set(access_token, { until: Date.now() + tokenSeconds * 1_000, scopes })
    return {
      status: 200,
      body: { access_token, token_type: 'Bearer', expires_in: tokenSeconds, scope: scopes.join(' ') },
    }
  }

  return {
    baseUrl: `${origin}/api/`,
    tokenUrl: `${origin}/oauth/token`,
    authority: own,
    client,
    faults,
    requests,
    charges: books.charges,
    next: (operation, ...more) => void mishaps.set(operation, [...(mishaps.get(operation) ?? []), ...more]),
    pay: books.pay,
    refundsEndAs: books.refundsEndAs,
    forgetTokens: () => tokens.clear(),
    callback(...end_to_end_ids) {
      const body = { pix: books.pixOf(end_to_end_ids) }
      faults.push(...faultsOfCallback(body))
      return body
    },
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

/** Waits until the client breaks off. */
function pourInto(response: ServerResponse, { piece, every }: { piece: string; every: number }) {
  response.writeHead(200, { 'content-type': 'application/json' })
  const timer = setInterval(() => response.write(piece), every)
  response.on('close', () => clearInterval(timer))
}

function send(response: ServerResponse, { status, headers = {}, body }: Answer) {
  const type = status < 400 ? 'application/json' : 'application/problem+json'
  response.writeHead(status, { 'content-type': type, ...headers }).end(JSON.stringify(body))
}
