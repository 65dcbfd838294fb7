/**
 * The catalogue of problems (RFC 9457): every refusal that HTTP clients can meet. Its words never vary: `detail` is part of
 * the wire contract, and particulars travel in extension members. docs/problems.md explains each problem.
 */
const entries = {
  // what the request is
  validation_failed: [422, 'Request does not fit', 'The request does not fit its schema'],
  malformed_json: [400, 'Malformed JSON', 'The body is not valid JSON'],
  body_too_large: [413, 'Body too large', 'The body is larger than this route takes'],
  unsupported_media_type: [415, 'Unsupported media type', 'The body must be application/json'],
  route_not_found: [404, 'Not found', 'Route not found'],
  method_not_allowed: [405, 'Method not allowed', 'This route does not know this method'],
  bad_request: [400, 'Bad request', 'The request could not be read'],
  headers_too_large: [431, 'Headers too large', 'The headers are larger than this service takes'],
  expectation_failed: [417, 'Expectation failed', 'Nothing but 100-continue can be expected'],
  request_timeout: [408, 'Request timeout', 'The request did not arrive in time'],
  idempotency_key_reused: [422, 'Idempotency key reused', 'This Idempotency-Key was used with another body'],
  precondition_required: [428, 'Precondition required', 'Send the ETag that you read as If-Match'],
  precondition_failed: [412, 'Precondition failed', 'This was changed since you read it'],
  // who asks
  bad_token: [401, 'Unauthorized', 'The bearer token is missing, expired or not valid here'],
  forbidden: [403, 'Forbidden', 'You may not do this'],
  rate_limited: [429, 'Too many requests', 'You ask too often'],
  own_record: [403, 'Forbidden', 'Nobody who works here acts on their own customer record'],
  // what a second person decides
  approval_not_found: [404, 'Not found', 'Approval not found'],
  approval_own: [403, 'Forbidden', 'Somebody else must decide what you have asked for'],
  approval_decided: [409, 'Conflict', 'Approval was decided already'],
  approval_expired: [409, 'Conflict', 'Approval has expired: ask again'],
  approval_stale: [409, 'Conflict', 'What the approval rests on has changed: ask again'],
  sign_in_refused: [401, 'Not signed in', 'E-mail, password or passkey do not fit'],
  session_missing: [401, 'Not signed in', 'There is no session, or it has ended'],
  wrong_code: [400, 'Rule broken', 'Wrong or expired code'],
  wrong_password: [400, 'Rule broken', 'Wrong password'],
  second_factor_required: [403, 'Forbidden', 'This needs a session with a second factor'],
  session_not_fresh: [403, 'Forbidden', 'This needs a sign-in of today'],
  foreign_origin: [403, 'Forbidden', 'This did not come from a page of ours'],
  sign_in_step_refused: [400, 'Rule broken', 'This step does not fit the one before'],
  account_without_customer: [409, 'Conflict', 'The account has no customer yet'],
  account_exists: [409, 'Conflict', 'The address has an account'],
  account_not_found: [404, 'Not found', 'Account not found'],
  own_account: [403, 'Forbidden', 'Nobody changes what they may do themselves'],
  last_admin: [409, 'Conflict', 'Somebody must be left who can let others in'],
  invitation_not_found: [404, 'Not found', 'The invitation was used, or its time is over'],
  notice_not_found: [404, 'Not found', 'Notice not found'],
  mailbox_closed: [404, 'Not found', 'Mails are not kept here'],
  // customers
  customer_not_found: [404, 'Not found', 'Customer not found'],
  customer_exists: [409, 'Conflict', 'Customer with this document or email already exists'],
  email_taken: [409, 'Conflict', 'Email already exists for another customer'],
  customer_erased: [409, 'Conflict', 'Customer was erased'],
  purchase_in_progress: [409, 'Conflict', 'Customer has a purchase in progress'],
  erasure_not_found: [404, 'Not found', 'Customer was not erased'],
  customer_blocked: [400, 'Rule broken', 'Customer is blocked'],
  credit_limit_in_use: [400, 'Rule broken', 'Credit limit is below the credit in use'],
  nothing_to_repay: [400, 'Rule broken', 'Repayment exceeds the credit that completed purchases use'],
  balance_too_high: [400, 'Rule broken', 'Balance would be higher than an account holds'],
  registration_above_limit: [
    400,
    'Rule broken',
    'Register the customer without this money, then ask for an adjustment or a credit limit',
  ],
  insufficient_balance: [400, 'Rule broken', 'Insufficient account balance'],
  insufficient_credit_limit: [400, 'Rule broken', 'Insufficient credit limit'],
  too_many_customers_read: [429, 'Too many requests', 'You have been shown too many customers within the hour'],
  // vehicles
  vehicle_not_found: [404, 'Not found', 'Vehicle not found'],
  vehicle_exists: [409, 'Conflict', 'Vehicle with this license plate, chassi number or renavam already exists'],
  vehicle_identity_taken: [
    409,
    'Conflict',
    'License plate, chassi number or renavam already exists for another vehicle',
  ],
  vehicle_not_editable: [400, 'Rule broken', 'Cannot edit vehicle that is reserved or sold'],
  vehicle_unavailable: [400, 'Rule broken', 'Vehicle is not available'],
  vehicle_reserved_by_another: [409, 'Conflict', 'Vehicle is reserved by another transaction'],
  vehicle_already_sold: [409, 'Conflict', 'Vehicle already sold'],
  vehicle_not_sellable: [409, 'Conflict', 'Vehicle is not on sale'],
  vehicle_not_withdrawable: [409, 'Conflict', 'Vehicle is reserved or sold'],
  vehicle_not_relistable: [409, 'Conflict', 'Vehicle was not withdrawn'],
  vehicle_not_sold: [409, 'Conflict', 'Vehicle is not sold'],
  vehicle_already_picked_up: [409, 'Conflict', 'Vehicle already picked up'],
  vehicle_being_returned: [409, 'Conflict', 'Vehicle is being returned'],
  pickup_code_with_buyer: [409, 'Conflict', 'Only the buyer has the pickup code'],
  wrong_pickup_code: [400, 'Rule broken', 'Wrong pickup code'],
  pickup_locked: [429, 'Too many attempts', 'Too many wrong pickup codes'],
  // payments
  payment_code_not_found: [404, 'Not found', 'Payment code not found'],
  payment_code_expired: [400, 'Rule broken', 'Payment code expired'],
  payment_code_used: [400, 'Rule broken', 'Payment code already used'],
  payment_code_voided: [400, 'Rule broken', 'Payment code already voided'],
  payment_code_failed: [400, 'Rule broken', 'Payment code already failed'],
  payment_not_received: [400, 'Rule broken', 'Payment has not been received'],
  no_qr_code: [404, 'Not found', 'Payment code has no QR code'],
  payment_not_found: [404, 'Not found', 'Payment not found'],
  unmatched_payment_not_found: [404, 'Not found', 'Unmatched payment not found'],
  owed_item_not_found: [404, 'Not found', 'Owed item not found'],
  owed_item_settled: [409, 'Conflict', 'Owed item was settled already'],
  bad_signature: [401, 'Unauthorized', 'The webhook signature is missing, wrong or too old'],
  // purchases
  saga_not_found: [404, 'Not found', 'Saga state not found'],
  transaction_not_found: [404, 'Not found', 'Transaction not found'],
  not_cancellable: [400, 'Rule broken', 'Cannot cancel transaction with status: {status_of_purchase}'],
  too_advanced_to_cancel: [400, 'Rule broken', 'Transaction too advanced to cancel'],
  already_cancelling: [409, 'Conflict', 'Cancellation already in progress'],
  price_changed: [409, 'Conflict', 'Price has changed'],
  too_many_unpaid_purchases: [409, 'Conflict', 'Customer has too many purchases that wait for a Pix'],
  vehicle_held_before: [409, 'Conflict', 'Customer has just held this vehicle without paying'],
  stock_held_unpaid: [503, 'Unavailable', 'Too much of the stock waits for a Pix'],
  contact_not_proven: [403, 'Forbidden', 'Prove your e-mail or phone before you pay by Pix'],
  not_resumable: [409, 'Conflict', 'Only a purchase that requires manual intervention can be retried'],
  not_abandonable: [409, 'Conflict', 'Only a purchase that requires manual intervention can be given up'],
  taken_over: [409, 'Conflict', 'The purchase has a return'],
  vehicle_sold_to_purchase: [409, 'Conflict', 'The vehicle is sold to this purchase'],
  not_redoable: [409, 'Conflict', 'A purchase that requires manual intervention is retried or given up'],
  records_missing: [409, 'Conflict', 'The records that are left do not tell how to redo this purchase'],
  return_not_found: [404, 'Not found', 'Return not found'],
  not_returnable: [409, 'Conflict', 'Only a completed purchase can be returned'],
  return_right_over: [409, 'Conflict', 'The seven days in which a buyer can return without a reason are over'],
  return_right_absent: [409, 'Conflict', 'What was bought in the shop is returned by agreement with it'],
  not_awaited: [409, 'Conflict', 'The return does not wait for its vehicle'],
  audit_not_found: [404, 'Not found', 'Audit not found'],
  // event streams and webhooks
  too_many_streams: [503, 'Unavailable', 'Too many event streams are open'],
  webhook_subscription_not_found: [404, 'Not found', 'Webhook subscription not found'],
  webhook_delivery_not_found: [404, 'Not found', 'Webhook delivery not found'],
  webhook_url_refused: [400, 'Rule broken', 'Webhook URL is not acceptable'],
  too_many_webhook_subscriptions: [409, 'Conflict', 'Too many webhook subscriptions'],
  webhook_subscription_disabled: [409, 'Conflict', 'Webhook subscription is disabled'],
  webhook_delivery_under_way: [409, 'Conflict', 'Webhook delivery is under way'],
  // what could not be handled
  dead_letter_not_found: [404, 'Not found', 'Dead letter not found'],
  dead_letter_settled: [409, 'Conflict', 'Dead letter was replayed or discarded already'],
  dead_letter_failed_again: [409, 'Conflict', 'The message could not be handled this time either'],
  // this side of the wire
  overloaded: [503, 'Overloaded', 'The service has too much to do now'],
  unavailable: [503, 'Unavailable', 'The service cannot take this request now'],
  service_unreachable: [503, 'Unavailable', 'The service behind this route cannot be reached now'],
  service_failed: [502, 'Bad gateway', 'The service behind this route broke off before it had answered'],
  service_timed_out: [504, 'Gateway timeout', 'The service behind this route did not answer in time'],
  internal_error: [500, 'Internal error', 'Something went wrong on our side'],
} as const satisfies Record<string, readonly [status: number, title: string, detail: string]>

export type ProblemName = keyof typeof entries

export interface ProblemEntry {
  readonly type: string
  readonly status: number
  readonly title: string
  readonly detail: string
}

export const problems = Object.fromEntries(
  Object.entries(entries).map(([name, [status, title, detail]]) => [
    name,
    { type: `urn:mercado-veiculo:problem:${name}`, status, title, detail },
  ]),
) as Record<ProblemName, ProblemEntry>
