/** One connection of server-sent events: its form, that it stays open, and that its buffer does not grow for ever. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mock, test } from 'node:test'
import { eventStream } from './event-stream.ts'

test('an event has its id, its name and its data in one line, and ends with an empty line', async () => {
  const { body, send, end } = eventStream(() => {})
  send({ event: 'transition', id: '7', data: { reason: 'two\nlines' } })
  send({ event: 'saga', data: {} })
  end()
  const text = (await body.toArray()).join('')
  assert.equal(
    text,
    'retry: 1000\n\nid: 7\nevent: transition\ndata: {"reason":"two\\nlines"}\n\nevent: saga\ndata: {}\n\n',
  )
})

test('a comment every fifteen seconds keeps a quiet stream open', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const { body, end } = eventStream(() => {})
  t.mock.timers.tick(30_000)
  end()
  t.mock.timers.tick(30_000)
  const text = (await body.toArray()).join('')
  assert.equal(text.match(/^: .*\n\n/gm)?.length, 2)
})

test('a reader that does not keep up is dropped, and events for it after that go nowhere', async () => {
  const closed = mock.fn()
  const { body, send, end } = eventStream(closed)
  const data = { text: 'x'.repeat(100_000) }
  for (let sent = 0; sent < 3; sent++) send({ event: 'transition', data })
  assert.ok(body.destroyed)
  await once(body, 'close')
  send({ event: 'transition', data })
  end()
  assert.equal(closed.mock.callCount(), 1)
})

test('its end is reported once, whichever side ended it', async () => {
  const closed = mock.fn()
  const { body, end } = eventStream(closed)
  end()
  await body.toArray()
  assert.equal(closed.mock.callCount(), 1)
})
