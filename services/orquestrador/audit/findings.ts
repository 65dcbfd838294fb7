/** The findings of audits, and what an operator does about each. docs/runbook.md explains them at length. */
import { type Static, Type } from 'typebox'

/** By kind: the finding, and what to do. */
export const kinds = {
  purchase_overdue: [
    'is under way, and its deadline passed minutes ago',
    'see whether the service it waits for answers',
  ],
  purchase_behind: ['waits for a payment that was decided minutes ago', 'redo it: its step is asked again'],
  purchase_needs_operator: ['waits for an operator', 'look at it, then retry it or give up what it waits for'],
  hold_without_purchase: [
    'holds credit of a customer, and no purchase is known',
    'redo it: it goes on from its records',
  ],
  reservation_without_purchase: ['has a vehicle, and no purchase is known', 'redo it: it goes on from its records'],
  charge_without_purchase: [
    'has an open or paid code, and no purchase is known',
    'redo it: it goes on from its records',
  ],
  hold_missing: ['is completed, and holds nothing of the buyer', 'redo it: only missing work is done'],
  sale_missing: ['is completed, and its vehicle is not sold to it', 'redo it: only missing work is done'],
  payment_missing: ['is completed, and is not paid', 'redo it, unless it was paid by Pix: then ask the provider'],
  hold_not_released: ['has ended without a sale, and still holds credit', 'redo it: everything is taken back again'],
  vehicle_not_released: [
    'has ended without a sale, and still has the vehicle',
    'redo it: everything is taken back again',
  ],
  code_still_open: [
    'has ended without a sale, and its code can still be paid',
    'redo it: everything is taken back again',
  ],
  payment_not_returned: [
    'has ended without a sale, and its payment was kept',
    'redo it: everything is taken back again',
  ],
  return_without_saga: [
    'has a return on record at its vehicle, and no return is known',
    'redo it: its return goes on from its records',
  ],
  vehicle_not_held: ['waits for a vehicle that is not held for it', 'redo it: only missing work is done'],
  hold_not_returned: ['is completed, and the held money was not given back', 'redo it: only missing work is done'],
  payment_not_refunded: ['is completed, and the payment was kept', 'redo it: only missing work is done'],
  vehicle_not_taken_back: [
    'is completed, and its purchase still has the vehicle',
    'redo it: only missing work is done',
  ],
  abatement_disagrees: [
    'is completed, and gave back another amount than was left to give',
    'compare it with the warranty claims of its vehicle, and call the developers',
  ],
  records_disagree: [
    'has records that differ between two services',
    'compare the records; no command mends this by itself',
  ],
  ledger_disagrees: ['moved another amount than its hold says', 'stop sales of this customer and call the developers'],
  parts_disagree: [
    'was paid at the counter, and its parts do not add up to its code’s sum',
    'stop the sale and call the developers',
  ],
  vehicle_disagrees: ['and its vehicle contradict each other', 'stop sales of this vehicle and call the developers'],
  account_disagrees: [
    'does not add up with its ledger and holds',
    'stop sales of this customer and call the developers',
  ],
  account_without_customer: [
    'has waited for its customer for an hour',
    'see whether cliente-service answers, and what its log says',
  ],
  customer_of_two_accounts: ['belongs to two accounts', 'find out whose it is, and end the other account’s sessions'],
  account_disowned: [
    'has different customers in the two services',
    'find out which is right; no command mends this by itself',
  ],
  account_missing: ['belongs to an unknown account', 'restore identidade-service, or let the person claim it anew'],
  money_unmatched: ['is money that pays no code', 'find out whose it is, then have it given back'],
  outbox_grows: ['has had messages to send for minutes', 'see whether the bus takes messages'],
  dead_letters_wait: ['has messages that could not be handled', 'look at each, then replay or discard it'],
  decided_alone: ['was decided by an admin without a second person', 'ask why, or have APPROVALS=all'],
  sold_by_hand_alone: ['was sold by hand without a second person', 'ask who has the vehicle, and where its money is'],
  price_dropped_before_sale: [
    'was sold within a day of its price coming down',
    'ask who bought it, and who lowered the price',
  ],
  moved_much_by_hand: ['has moved much of customers’ money in a day', 'compare the movements with their receipts'],
  held_again_and_again: [
    'was held again and again, and nobody paid',
    'see who the buyers are, and block who invents them',
  ],
} as const satisfies Record<string, readonly [meaning: string, advice: string]>

export type FindingKind = keyof typeof kinds

export const Finding = Type.Object(
  {
    kind: Type.Enum(Object.keys(kinds) as FindingKind[]),
    /** What it is about: a purchase, a customer, a service. */
    subject: Type.String({ description: 'A transaction_id, `customer 7`, `unmatched payment 3`, or a service' }),
    detail: Type.String({ description: 'What was compared with what' }),
    advice: Type.String({ description: 'What an operator can do' }),
  },
  { title: 'AuditFinding' },
)
export type Finding = Static<typeof Finding>

export function finding(kind: FindingKind, subject: string, facts = ''): Finding {
  const [meaning, advice] = kinds[kind]
  return { kind, subject, detail: facts ? `${meaning}: ${facts}` : meaning, advice }
}
