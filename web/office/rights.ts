/**
 * Which parts of the office each role sees. The services decide what is allowed; this only keeps dead ends off the pages.
 * Pure.
 */
import type { Person } from '../session.server.ts'

/** Money, journals and dead letters are not for sellers. */
export const isOperator = ({ role, scope }: Pick<Person, 'role' | 'scope'>): boolean =>
  role === 'admin' || (role === 'staff' && scope !== 'seller')

export const isAdmin = ({ role }: Pick<Person, 'role'>): boolean => role === 'admin'
