/**
 * Webhooks may go to public addresses only, so that nobody can make this service call its neighbours (the cloud's metadata, a
 * database). The check is made at each connection, on the very address that is connected to, so a name that resolves to another
 * address a moment later (DNS rebinding) gains nothing.
 */
import { lookup as systemLookup } from 'node:dns'
import { Agent } from 'node:http'
import { Agent as SecureAgent } from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'

export class AddressRefused extends Error {}

export type UrlFault = 'https_required' | 'credentials_in_url' | 'fragment_in_url' | 'address_refused'

export interface GuardOptions {
  /** Whether this machine itself may be called, and without TLS. */
  readonly allowLoopback: boolean
  readonly lookup?: typeof systemLookup
}

/** IANA's special-purpose registries (RFC 6890 and updates). For IPv6 only global unicast is allowed at all. */
const SPECIAL_4 = `0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24
  192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4`
/** IETF protocols with Teredo, documentation, 6to4, documentation. */
const SPECIAL_6 = `2001::/23 2001:db8::/32 2002::/16 3fff::/20`

const special = new BlockList()
addSubnets(special, SPECIAL_4, 'ipv4')
addSubnets(special, SPECIAL_6, 'ipv6')
const global6 = new BlockList()
global6.addSubnet('2000::', 3, 'ipv6')
const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** Whether an address is public. An IPv4 address written as IPv6 counts as not public. */
export function isPublic(address: string): boolean {
  if (isIP(address) === 4) return !special.check(address, 'ipv4')
  return isIP(address) === 6 && global6.check(address, 'ipv6') && !special.check(address, 'ipv6')
}

const isLoopback = (address: string) =>
  isIP(address) !== 0 && loopback.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6')

/** The fault of a URL as it is written; the addresses of its host are checked when it is called. */
export function faultOf(text: string, { allowLoopback }: GuardOptions): UrlFault | undefined {
  const url = URL.parse(text) // the format `uri` accepts texts that are no URL, such as `https://`
  if (!url) return 'https_required'
  const { protocol, username, password, hash, hostname } = url
  const host = bare(hostname).replace(/\.$/, '') // a name may end with the dot of the root
  if (username || password) return 'credentials_in_url'
  if (hash) return 'fragment_in_url'
  const local = isLoopback(host) || host === 'localhost' || host.endsWith('.localhost')
  if (allowLoopback && local && (protocol === 'http:' || protocol === 'https:')) return undefined
  if (protocol !== 'https:') return 'https_required'
  if (local || (isIP(host) && !isPublic(host))) return 'address_refused'
  return undefined
}

export interface GuardedAgents extends Disposable {
  /** Options of Node's client for one URL, which connects to allowed addresses only; throws AddressRefused for a literal address that is not allowed. */
  agentFor(url: URL): Agent
}

/** `maxSockets`: the most connections to one receiver. */
export function guardedAgents(options: GuardOptions, maxSockets: number): GuardedAgents {
  const lookup = options.lookup ?? systemLookup

  const mayCall = (address: string, secure: boolean) =>
    (secure && isPublic(address)) || (options.allowLoopback && isLoopback(address))

  const guarded =
    (secure: boolean): LookupFunction =>
    (hostname, wanted, done) => {
      lookup(hostname, { ...wanted, all: true }, (error, found) => {
        if (error) return done(error, [])
        const allowed = found.filter(({ address }) => mayCall(address, secure))
        const [first] = allowed
        if (!first) return done(new AddressRefused(`${hostname} has no address that may be called`), [])
        return wanted.all ? done(null, allowed) : done(null, first.address, first.family)
      })
    }
  const plain = new Agent({ keepAlive: true, maxSockets, lookup: guarded(false) })
  const secure = new SecureAgent({ keepAlive: true, maxSockets, lookup: guarded(true) })

  return {
    agentFor({ protocol, hostname }) {
      const isSecure = protocol === 'https:'
      const host = bare(hostname)
      // Node looks up names only: an address in the URL never reaches `lookup`
      if (isIP(host) && !mayCall(host, isSecure)) throw new AddressRefused(`${host} may not be called`)
      return isSecure ? secure : plain
    },
    [Symbol.dispose]() {
      plain.destroy()
      secure.destroy()
    },
  }
}

function addSubnets(list: BlockList, subnets: string, family: 'ipv4' | 'ipv6') {
  for (const subnet of subnets.split(/\s+/)) {
    const [network = '', prefix] = subnet.split('/')
    list.addSubnet(network, Number(prefix), family)
  }
}

const bare = (hostname: string) => hostname.replace(/^\[|\]$/g, '')
