/** Masks the data of people for lists and search: enough to tell one from another, too little to reach or impersonate them. */
import type { Customer } from './customer.ts'

/** All but the last 4 characters become `*`. */
const maskTail = (text: string): string => text.slice(-4).padStart(text.length, '*')

/** `a***@example.com`: many people share a domain. */
const maskEmail = (email: string): string => email.replace(/^(.).*@/, '$1***@')

/** The customer as a list shows them; the document is masked everywhere. */
export function masked<Shown extends Customer>(customer: Shown): Shown {
  const { birth_date, driver_license, address, refund_pix_key } = customer
  return {
    ...customer,
    email: customer.email && maskEmail(customer.email),
    phone: maskTail(customer.phone),
    birth_date: birth_date && '****-**-**',
    driver_license: driver_license && maskTail(driver_license),
    // a postal code names a street, and together with a number it names a door
    address: address && withoutDoor(address),
    refund_pix_key: refund_pix_key && maskTail(refund_pix_key),
  }
}

function withoutDoor({ complement: _door, ...address }: NonNullable<Customer['address']>) {
  return { ...address, street: '***', number: '***', postal_code: `${address.postal_code.slice(0, 5)}***` }
}
