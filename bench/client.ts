/** The load generator: an HTTP client of the services with kept connections. It hears of each completed purchase. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'undici'

export interface Client extends AsyncDisposable {
  readonly databaseUrl: string
  /** `http://127.0.0.1:8080` */
  urlOf(service: string): string
  /** POSTs and returns the new entity's id. */
  create(service: string, path: string, body: object): Promise<number>
  /** Milliseconds from POST /purchase to the event of its completion. */
  purchase(customer_id: number, vehicle_id: number): Promise<number>
  statusOf(transaction_id: string): Promise<string>
  readonly transactions: readonly string[]
}

interface Ready {
  readonly databaseUrl: string
  readonly token: string
  readonly urls: Readonly<Record<string, string>>
}

/** `program` is the program to measure: a file beside this one. */
export async function startClient(program = './server.ts', environment: NodeJS.ProcessEnv = {}): Promise<Client> {
  const server = fork(new URL(program, import.meta.url), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, ...environment },
  })
  const { databaseUrl, urls, token } = await readyMessage(server)
  const agent = new Agent({ connections: 256 })
  const authorization = `Bearer ${token}`
  const transactions: string[] = []
  const completed = new Set<string>()
  const waiting = new Map<string, () => void>()

  server.on('message', (news: { completed?: string[] }) => {
    for (const id of news.completed ?? []) {
      completed.add(id)
      waiting.get(id)?.()
      waiting.delete(id)
    }
  })

  const post = poster(agent, urls, authorization)

  return {
    databaseUrl,
    urlOf: (service) => urls[service] ?? '',
    transactions,
    create: async (service, path, body) => (await post(service, path, body, 201)).id,
    async purchase(customer_id, vehicle_id) {
      const begun = performance.now()
      const { transaction_id } = await post(
        'orquestrador',
        '/purchase',
        { customer_id, vehicle_id, payment_type: 'cash' },
        202,
      )
      transactions.push(transaction_id)
      if (!completed.has(transaction_id)) await new Promise<void>((resolve) => waiting.set(transaction_id, resolve))
      return performance.now() - begun
    },
    async statusOf(transaction_id) {
      const { body } = await request(`${urls.orquestrador}/saga-states/${transaction_id}`, {
        dispatcher: agent,
        headers: { authorization },
      })
      return ((await body.json()) as { status: string }).status
    },
    async [Symbol.asyncDispose]() {
      await agent.close()
      server.send('stop')
      await once(server, 'exit')
    },
  }
}

/** Uses undici's own handler, not its slower `request`, because the client shares the machine with the measured system. */
const poster =
  (agent: Agent, urls: Ready['urls'], authorization: string) =>
  (service: string, path: string, content: object, expected: number) => {
    const headers = { authorization, 'content-type': 'application/json' }
    const { promise, resolve, reject } = Promise.withResolvers<{ id: number; transaction_id: string }>()
    let status = 0
    let answer = ''
    agent.dispatch(
      { origin: urls[service] ?? '', path, method: 'POST', headers, body: JSON.stringify(content) },
      {
        onRequestStart() {},
        onResponseStart(_, statusCode) {
          status = statusCode
        },
        onResponseData(_, chunk) {
          answer += chunk.toString()
        },
        onResponseEnd() {
          if (status === expected) resolve(JSON.parse(answer))
          else reject(new Error(`${path} answered ${status}: ${answer}`))
        },
        onResponseError: (_, error) => reject(error),
      },
    )
    return promise
  }

async function readyMessage(server: ChildProcess): Promise<Ready> {
  const failed = once(server, 'exit').then(([code]) => {
    throw new Error(`the server under measurement ended with code ${code}`)
  })
  const [ready] = await Promise.race([once(server, 'message'), failed])
  return ready as Ready
}
