/** Which methods a path takes, so that a wrong method is told from a path that does not exist. */
import type { HttpApp } from './server.ts'

/** Must be called before routes are added. Returns the methods of a path, without its query; none when it is unknown. */
export function knownMethods(app: HttpApp): (path: string) => readonly string[] {
  const methods = new Map<string, Set<string>>()
  app.addHook('onRoute', ({ url, method }) => {
    if (url === '*' || url === '/*') return // what takes everything knows nothing
    const known = methods.get(url) ?? new Set()
    for (const one of [method].flat()) known.add(one)
    methods.set(url, known)
  })
  return (path) => {
    const fitting = [...methods].filter(([pattern]) => fits(pattern, path)).flatMap(([, known]) => [...known])
    return [...new Set(fitting)].sort()
  }
}

/** Segment by segment: `:name` is any one that is not empty, a last `*` is all the rest. */
export function fits(pattern: string, path: string): boolean {
  const wanted = pattern.split('/')
  const given = path.split('/')
  const isOpen = wanted.at(-1) === '*'
  if (isOpen ? given.length < wanted.length : given.length !== wanted.length) return false
  return wanted.every((segment, index) => {
    if (segment === '*') return true
    return segment.startsWith(':') ? given[index] !== '' : segment === given[index]
  })
}
