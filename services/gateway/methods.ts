/** The methods of a path: those that its service has routes for, by the table of permissions. */
import { permissionsOf } from '#contracts'
import { fits } from '#platform/http/known-methods'
import { mounts } from './paths.ts'

/** Empty when the service has no such path; undefined when the path belongs to no service. */
export function methodsAt(path: string): readonly string[] | undefined {
  const mount = mounts.find(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`))
  if (!mount) return undefined
  const there = mount.path + path.slice(mount.prefix.length)
  const methods = Object.keys(permissionsOf(mount.service)).flatMap((route) => {
    const [method = '', pattern = ''] = route.split(' ')
    if (!fits(pattern, there)) return []
    return method === 'GET' ? ['GET', 'HEAD'] : [method]
  })
  return [...new Set(methods)].sort()
}
