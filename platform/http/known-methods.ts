/** Which methods a path takes, so that a wrong method is told from a path that does not exist. */
import type { HttpApp } from './server.ts'

/** Call it before routes are added. The result gives the methods of a path (without a query); none for an unknown path. */
export function knownMethods(app: HttpApp): (path: string) => readonly string[] {
  const methods = new Map<string, Set<string>>()
  app.addHook('onRoute', ({ url, method }) => {
    if (url === '*' || url === '/*') return // a catch-all route tells nothing about a path
    const known = methods.get(url) ?? new Set()
    for (const one of [method].flat()) known.add(one)
    methods.set(url, known)
  })
  return (path) => {
    const fitting = [...methods].filter(([pattern]) => fits(pattern, path)).flatMap(([, known]) => [...known])
    return [...new Set(fitting)].sort()
  }
}

/** Compares segment by segment: `:name` matches any one that is not empty, a last `*` matches the rest. */
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
