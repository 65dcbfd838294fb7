/** How a service asks another: in limited time, and with a new token when the old one is refused. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { openPeers, PeerFault } from './peers.ts'

async function peer(answer: RequestListener, options: { connections?: number; patienceMs?: number } = {}) {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const given: (string | undefined)[] = []
  const token = (at: string, refused?: string) => {
    assert.equal(at, 'veiculo-service')
    given.push(refused)
    return Promise.resolve(refused === undefined ? 'old' : 'new')
  }
  const peers = openPeers(() => url, token, options)
  after(async () => {
    server.closeAllConnections()
    server.close()
    await peers[Symbol.asyncDispose]()
  })
  return { ask: () => peers.ask('veiculo-service', '/a', 'POST', { a: 1 }), given }
}

test('a token that is not taken is replaced once, and the question asked again', async () => {
  const seen: (string | undefined)[] = []
  const { ask, given } = await peer((request, response) => {
    seen.push(request.headers.authorization)
    response.writeHead(request.headers.authorization === 'Bearer new' ? 200 : 401).end('{"a":2}')
  })
  assert.deepEqual(await ask(), { status: 200, content: { a: 2 } })
  assert.deepEqual(
    [seen, given],
    [
      ['Bearer old', 'Bearer new'],
      [undefined, 'old'],
    ],
  )
})

test('a peer that takes neither token is not asked for ever', async () => {
  let asked = 0
  const { ask } = await peer((_request, response) => {
    asked += 1
    response.writeHead(401).end('{}')
  })
  assert.equal((await ask()).status, 401)
  assert.equal(asked, 2)
})

test('a call that waits for a connection waits no longer than one that waits for an answer', async () => {
  const { ask } = await peer(() => {}, { connections: 1, patienceMs: 200 })
  const begun = performance.now()
  const answers = await Promise.allSettled([ask(), ask(), ask()])
  assert.ok(answers.every((one) => one.status === 'rejected' && one.reason instanceof PeerFault))
  assert.ok(performance.now() - begun < 5_000)
})
