/** The proxy does to a line what it is told, and nothing else. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { after, test } from 'node:test'
import { until } from '../fixtures/system.ts'
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts'

let taken = 0
const echo = createServer((socket) => {
  taken += 1
  socket.on('error', () => {}).pipe(socket)
})
echo.listen(0, '127.0.0.1')
await once(echo, 'listening')
const address = echo.address()
const proxy = await startTcpProxy(() => (typeof address === 'object' && address ? address.port : 0))
after(async () => {
  await proxy[Symbol.asyncDispose]()
  echo.close()
})

function line({ port }: TcpProxy) {
  const socket: Socket = connect({ host: '127.0.0.1', port })
  const heard = { text: '', closed: false }
  socket.on('data', (piece) => {
    heard.text += piece
  })
  socket.on('error', () => {})
  socket.once('close', () => {
    heard.closed = true
  })
  return { socket, heard }
}

test('sent bytes come back in order, whatever the delay', async () => {
  const { socket, heard } = line(proxy)
  proxy.delay(20)
  socket.write('a')
  await until('the first is on its way', async () => socket.bytesWritten === 1)
  proxy.delay(0)
  socket.write('b')
  await until('both are back', async () => heard.text === 'ab')
  socket.destroy()
})

test('a cut line ends, and the next one works', async () => {
  const { socket, heard } = line(proxy)
  socket.write('a')
  await until('it is back', async () => heard.text === 'a')
  proxy.cut()
  await until('it has ended', async () => heard.closed)
  const next = line(proxy)
  next.socket.write('b')
  await until('it is back', async () => next.heard.text === 'b')
  next.socket.destroy()
})

test('a connection that saw a black hole stays open and silent; later ones work', async () => {
  const { socket, heard } = line(proxy)
  socket.write('a')
  await until('it is back', async () => heard.text === 'a')
  proxy.swallow(true)
  const before = taken
  const during = line(proxy)
  during.socket.write('c')
  socket.write('b')
  await until('the other end has the new one', async () => taken > before)
  proxy.swallow(false)
  const next = line(proxy)
  next.socket.write('d')
  await until('the next works', async () => next.heard.text === 'd')
  assert.deepEqual(heard, { text: 'a', closed: false })
  assert.deepEqual(during.heard, { text: '', closed: false })
  for (const one of [socket, during.socket, next.socket]) one.destroy()
})
