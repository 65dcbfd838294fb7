/** Asks another service for content of an agreed shape, and accepts no other. */
import { type AskPeer, PeerFault } from '#platform/peers'

/** A compiled schema. */
interface Shape<Content> {
  Check(value: unknown): value is Content
  Errors(value: unknown): readonly Mistake[]
}

interface Mistake {
  readonly instancePath: string
  readonly keyword: string
}

/** Throws PeerFault when there is no answer, or its shape is another. */
export async function contentOf<Content>(
  ask: AskPeer,
  service: string,
  path: string,
  shape: Shape<Content>,
): Promise<Content> {
  const { status, content } = await ask(service, path, 'GET')
  if (status === 200 && shape.Check(content)) return content
  throw new PeerFault(`${service} answered ${status}${placeOf(shape.Errors(content))}`)
}

/** The places where an answer differs from the agreed shape, without its content, which may be personal data. */
const placeOf = ([first]: readonly Mistake[]) =>
  first ? `, not as agreed at ${first.instancePath} (${first.keyword})` : ''
