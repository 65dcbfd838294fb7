import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressKey, isLoopback, trustedProxies } from './client-address.ts'

test('one client is one IPv4 address, or one IPv6 /64, which is what a household gets', () => {
  for (const [address, key] of [
    ['200.1.2.3', '200.1.2.3'],
    ['::ffff:200.1.2.3', '200.1.2.3'],
    ['2804:14c:1:2:aaaa::1', '2804:14c:1:2::/64'],
    ['2804:14c:1:2:bbbb:cccc:dddd:eeee', '2804:14c:1:2::/64'],
    ['2804:14c::1', '2804:14c:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['nonsense', 'unknown'],
  ] as const)
    assert.equal(addressKey(address), key, address)
})

test('only the configured number of proxies is believed, and a proxy on this machine', () => {
  assert.deepEqual(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1', '10.0.0.1', 'x'].map(isLoopback), [
    true,
    true,
    true,
    true,
    false,
    false,
  ])
  const two = trustedProxies(2)
  assert.deepEqual([two('200.1.1.1', 0), two('200.1.1.1', 1), two('200.1.1.1', 2)], [true, true, false])
  const none = trustedProxies(0)
  assert.deepEqual([none('127.0.0.1', 0), none('127.0.0.1', 1), none('200.1.1.1', 0)], [true, false, false])
})
