/** How long a subscription waits: ever longer during an outage, and from the beginning again once something was handled. */
import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { message } from './bus.suite.ts'
import { deliveryQueue } from './queue.ts'

test('waits grow during an outage, up to some seconds, and begin anew at the next one', async () => {
  mock.timers.enable({ apis: ['setTimeout'] })
  try {
    let isAway = true
    const tries: number[] = []
    let now = 0
    const one = deliveryQueue(() => {
      tries.push(now)
      return isAway ? Promise.reject(new Error('away')) : Promise.resolve([])
    }, {})
    const pass = async (ms: number) => {
      for (let left = ms; left > 0; left -= 50) {
        now += 50
        mock.timers.tick(50)
        await turn()
      }
    }
    const deliver = async () => {
      one.put({ message: message(), attempt: 1, handled: () => {} })
      await turn()
    }
    await deliver()
    await pass(13_000)
    const waits = tries.slice(1).map((at, index) => at - (tries[index] ?? 0))
    assert.deepEqual(waits.slice(0, 8), [100, 200, 400, 800, 1_600, 3_200, 3_200, 3_200])
    isAway = false
    await pass(3_200)
    isAway = true
    const before = tries.length
    await deliver()
    await pass(300)
    assert.equal(tries.length - before, 3, 'at once, after 100 ms and after 200 more')
    await one.stop()
  } finally {
    mock.timers.reset()
  }
})
