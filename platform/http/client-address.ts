/**
 * The address that a request comes from, behind proxies. Only the configured number of proxies is believed when they name
 * the one before them. A proxy on this machine is always believed.
 */
import { BlockList, isIP } from 'node:net'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

export const isLoopback = (address: string): boolean => {
  const bare = withoutMapping(address)
  return isIP(bare) !== 0 && loopback.check(bare, isIP(bare) === 4 ? 'ipv4' : 'ipv6')
}

/** For Fastify's `trustProxy`: the peer of the connection is hop 0, and `X-Forwarded-For` is read from its end. */
export const trustedProxies =
  (count: number) =>
  (address: string, hop: number): boolean =>
    hop < count || (hop === 0 && isLoopback(address))

/**
 * What counts as one client: an IPv4 address, or the whole /64 of an IPv6 address. Texts that are no address, as a header may
 * hold, count as one client together.
 */
export function addressKey(address: string): string {
  const bare = withoutMapping(address)
  if (isIP(bare) !== 6) return isIP(bare) === 4 ? bare : 'unknown'
  const [head = '', tail] = bare.split('::')
  const [before, after] = [groups(head), groups(tail ?? '')]
  const filled =
    tail === undefined ? before : [...before, ...Array(8 - before.length - after.length).fill('0'), ...after]
  return `${filled.slice(0, 4).join(':')}::/64`
}

const groups = (part: string) => (part === '' ? [] : (part.split('%')[0]?.split(':') ?? []))

/** A socket that listens for both families shows an IPv4 address as `::ffff:10.0.0.1`. */
const withoutMapping = (address: string) => address.replace(/^::ffff:(?=\d+\.)/i, '')
