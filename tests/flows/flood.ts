/** Clients of a flood, in a process of their own: all orders at once, each on a connection of its own. */
import { Agent, request } from 'undici'

export interface Flood {
  readonly url: string
  readonly orders: readonly object[]
  readonly authorization: string
}

export interface FloodAnswer {
  /** 0: there was no answer. */
  readonly status: number
  readonly retry_after?: string | undefined
  readonly transaction_id?: string | undefined
  readonly fault?: string
}

process.once('message', async ({ url, orders, authorization }: Flood) => {
  const patience = 120_000
  const dispatcher = new Agent({
    connections: orders.length,
    headersTimeout: patience,
    bodyTimeout: patience,
    connect: { timeout: patience },
  })
  const answers = await Promise.all(
    orders.map(async (order, index) => {
      let answer = await ask(order, index)
      for (let again = 0; answer.status === 0 && again < 3; again += 1) answer = await ask(order, index)
      return answer
    }),
  )

  /** A starved machine may lose a connection; its client asks again under the same key. */
  async function ask(order: object, index: number): Promise<FloodAnswer> {
    try {
      const { statusCode, headers, body } = await request(`${url}/purchase`, {
        method: 'POST',
        dispatcher,
        headers: { authorization, 'content-type': 'application/json', 'idempotency-key': `flood-${index}` },
        body: JSON.stringify(order),
      })
      const { transaction_id } = (await body.json()) as { transaction_id?: string }
      return { status: statusCode, retry_after: headers['retry-after']?.toString(), transaction_id }
    } catch (error) {
      return { status: 0, fault: String(error) }
    }
  }
  await dispatcher.destroy()
  process.send?.(answers) // its parent disconnects when it has them
})
