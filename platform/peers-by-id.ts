/** Looks things of another service up by their ids: the lookups that arrive while one request is under way share the next. */
import { type Static, type TObject, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { groupCommit } from './batching/group-commit.ts'
import { type AskPeer, PeerFault } from './peers.ts'

const IDS_PER_REQUEST = 100

/**
 * `path` answers `?ids=1,2` with those that exist, in a field named as the path's last part. A lookup resolves to undefined for
 * an id that is unknown there, and rejects with PeerFault when the service does not answer as it should.
 */
export function peersById<Id extends number | string, Shape extends TObject, Key extends string & keyof Static<Shape>>(
  ask: AskPeer,
  service: string,
  path: string,
  shape: Shape,
  key: Key,
): (id: Id) => Promise<Static<Shape> | undefined> {
  const collection = path.split('/').at(-1) ?? ''
  const Page = Compile(Type.Object({ [collection]: Type.Array(shape) }))
  const lookups = groupCommit<Id, Static<Shape> | undefined>(
    async (ids) => {
      const distinct = [...new Set(ids)]
      const { status, content } = await ask(service, `${path}?ids=${distinct.join(',')}`, 'GET')
      if (status !== 200 || !Page.Check(content)) throw new PeerFault(`${service} answered ${status}`)
      const found = (content as Record<string, Static<Shape>[]>)[collection] ?? []
      const things = new Map(found.map((one) => [one[key] as unknown, one]))
      return ids.map((id) => things.get(id))
    },
    // when the request for many fails, single ones would fail too, each after a slow answer
    { limit: IDS_PER_REQUEST, mayFailAlone: () => false },
  )
  return (id) => lookups.submit(id)
}
