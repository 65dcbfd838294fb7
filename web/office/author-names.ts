/** Who signed an act, in words. Pure. */
import { isServiceName } from '#contracts'
import { office as texts } from '../texts/office.pt-br.ts'

/** From the author of an act, as `staff 0198…` or the account alone, to a name. */
export type NameOf = (author: string) => string

export function namer(staff: readonly { readonly account_id: string; readonly name: string | null }[]): NameOf {
  const names = new Map(staff.map(({ account_id, name }) => [account_id, name]))
  return (author) => {
    const [role = '', subject = role] = author.split(' ')
    return names.get(subject) ?? wordOf(role, subject)
  }
}

function wordOf(role: string, subject: string): string {
  if (isServiceName(subject) || role === 'service') return texts.authors.system
  if (role === 'customer') return texts.authors.customer
  if (subject === 'admin') return texts.roles.admin
  if (subject === 'staff') return texts.authors.staff
  return /^[0-9a-f]{8}-/.test(subject) ? texts.authors.unknown(subject.slice(-6).toUpperCase()) : subject
}

/** The same rows, with names in place of the accounts that signed them. */
export const signed = <Row extends { readonly author?: string | null | undefined }>(
  rows: readonly Row[],
  nameOf: NameOf,
): readonly Row[] => rows.map((row) => (!row.author ? row : { ...row, author: nameOf(row.author) }))
