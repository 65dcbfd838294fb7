import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { test } from 'node:test'
import { visitorAddress } from './visitor-address.ts'

const asked = (told: string | undefined, proxies: number) =>
  visitorAddress({ headers: { 'x-forwarded-for': told }, socket: { remoteAddress: '10.10.0.9' } as Socket }, proxies)

test('behind the gateway alone, the visitor is the last address of the header', () => {
  assert.equal(asked('203.0.113.7', 1), '203.0.113.7')
  assert.equal(asked('198.51.100.1, 203.0.113.7', 1), '203.0.113.7')
})

test('a proxy between the gateway and the pages adds the gateway: the visitor is the address before it', () => {
  assert.equal(asked('203.0.113.7, 10.10.0.4', 2), '203.0.113.7')
  assert.equal(asked('198.51.100.1,203.0.113.7,10.10.0.4', 2), '203.0.113.7')
})

test('when the header has fewer addresses than there are proxies, its first one counts, or else the connected peer', () => {
  assert.equal(asked('203.0.113.7', 2), '203.0.113.7')
  assert.equal(asked(undefined, 2), '10.10.0.9')
})
