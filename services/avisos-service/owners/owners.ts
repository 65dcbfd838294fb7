/** Who knows to whom a mail goes and what it says: asked when it is sent, and not kept. */
import { type Static, type TSchema, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import type { AskPeer } from '#platform/peers'
import { PeerFault } from '#platform/peers'

const Notice = Type.Object({
  kind: Type.String(),
  email: Type.String(),
  content: Type.Record(Type.String(), Type.String()),
  expires_at: Type.String(),
})

export interface Owners {
  /** Undefined: there is no such notice any more. Rejects with PeerFault when nobody can say. */
  notice(id: string): Promise<Static<typeof Notice> | undefined>
}

export function owners(ask: AskPeer): Owners {
  async function asked<Shape extends TSchema>(service: string, path: string, shape: Shape) {
    const { status, content } = await ask(service, path, 'GET')
    if (status === 404) return undefined
    if (status === 200 && Compile(shape).Check(content)) return content as Static<Shape>
    throw new PeerFault(`${service} answered ${status}`)
  }
  return { notice: (id) => asked('identidade-service', `/notices/${id}`, Notice) }
}
