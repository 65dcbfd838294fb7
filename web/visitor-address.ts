/** The address that a page is asked for from. Services limit what one address may do, also when pages ask in its name. */
import type { IncomingMessage } from 'node:http'

/**
 * The gateway overwrites what a client says of itself, and a proxy between it and the pages adds whom it sees, which is the gateway.
 * So the address stands as many places from the end as there are proxies.
 */
export function visitorAddress(
  { headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>,
  proxies: number,
): string {
  const told = String(headers['x-forwarded-for'] ?? '').split(',')
  return (told.at(-proxies) ?? told.at(0))?.trim() || (socket.remoteAddress ?? '')
}
