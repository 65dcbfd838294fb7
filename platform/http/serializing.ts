/**
 * Makes the serialisers of answers at their first use. A system has thousands, one for each status of each route, and most are
 * never needed; at 0.3 ms each they take most of a second of a processor, which a start does not wait for.
 */
import { SerializerSelector } from '@fastify/fast-json-stringify-compiler'

const standard = SerializerSelector()

export const buildSerializer: typeof standard = (shared, options) => {
  const compile = standard(shared, options)
  return (route) => {
    let serialize: ReturnType<typeof compile> | undefined
    return (answer) => {
      serialize ??= compile(route)
      return serialize(answer)
    }
  }
}
