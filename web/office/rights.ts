/** What the office shows to whom. The services decide what is allowed: this keeps dead ends off the page. Pure. */
import type { Person } from '../session.server.ts'

/** Money, journals and what could not be handled are no seller's business. */
export const isOperator = ({ role, scope }: Pick<Person, 'role' | 'scope'>): boolean =>
  role === 'admin' || (role === 'staff' && scope !== 'seller')

export const isAdmin = ({ role }: Pick<Person, 'role'>): boolean => role === 'admin'
