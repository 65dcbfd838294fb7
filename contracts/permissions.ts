/**
 * Who may call what: one row a route. A service with a route that has no row here does not start, and a call that no row
 * grants is refused. `own`: a customer reaches only their own things; others are answered as if they did not exist.
 */
import type { ProcessName, ServiceName } from './services.ts'

export type Role = 'customer' | 'staff' | 'admin' | 'service'

/** Kinds of staff: a seller sells; an operator also handles money, returns and dead letters. A token without a scope is an operator's. */
export const SCOPES = ['seller', 'operator'] as const
export type Scope = (typeof SCOPES)[number]

export interface Permission {
  /** `everybody`: with or without a token. */
  readonly who: 'everybody' | readonly Role[]
  readonly own?: true
  /** The services that may call it; each proves which one it is. Absent: any service that `who` allows. */
  readonly services?: readonly ServiceName[]
  /** Whether only operators may call it, and no sellers. */
  readonly operators?: true
  /** For `everybody`: the proof that the route asks for, or that gets a caller more than everybody else. */
  readonly proof?: 'optional_token' | 'signature' | 'session'
  /** What the route itself decides beyond this row. */
  readonly rule?: string
}

/** By method and path, as in `GET /customers/:id`. */
export type Permissions = Readonly<Record<string, Permission>>

/** Services that have rows of their own. */
export const guardedServices = (): readonly string[] => Object.keys(ofServices)

/** All rows that hold for a service: its own, and those of every service. */
export const permissionsOf = (service: string): Permissions => ({ ...common, ...ofServices[service] })

const EVERYBODY: Permission = { who: 'everybody' }
const MORE_BY_TOKEN: Permission = { who: 'everybody', proof: 'optional_token' }
const STAFF: Permission = { who: ['staff', 'admin'] }
const OWN: Permission = { who: ['customer', 'staff', 'admin'], own: true }
/** Customers reach what is theirs, sellers what they sell. */
const OWN_SALES: Permission = { ...OWN, rule: 'sellers: their own sales' }
/** Not for sellers: money, and records of customers who are not theirs. */
const BACK_OFFICE: Permission = { ...STAFF, operators: true }
/** Customers reach their own things. */
const OWN_BACK_OFFICE: Permission = { ...OWN, operators: true }
const OPERATORS: Permission = { who: ['admin'] }
const services = (...names: readonly ServiceName[]): Permission => ({ who: ['service'], services: names })
/** The orquestrador compares them, and operators look at them. */
const TOOLS: Permission = { who: ['admin', 'service'], services: ['orquestrador'] }
const RETRIES: Permission = { who: ['staff', 'admin'], operators: true }

/** Routes of identidade-service that the gateway does not pass on: `web` calls them for a browser, with its cookies. */
const BROWSERS: Permission = { who: 'everybody', rule: 'pages of our own origin alone; paced by address and account' }
const SESSIONS: Permission = { who: 'everybody', proof: 'session', rule: 'proves itself by a session’s cookie' }

/** Approvals that wait: avisos-service tells the deciders. */
const ASKED: Permission = {
  who: ['staff', 'admin', 'service'],
  services: ['avisos-service'],
  rule: 'staff see what they have asked for themselves',
}

/** Routes of every service. */
const common: Permissions = {
  'GET /health': EVERYBODY,
  'GET /ready': EVERYBODY,
  'GET /metrics': { ...MORE_BY_TOKEN, rule: 'from this machine, or an admin' },
  'GET /openapi.json': EVERYBODY,
  'GET /problems': EVERYBODY,
  'GET /docs': EVERYBODY,
  'GET /docs/': EVERYBODY,
  'GET /docs/openapi.json': EVERYBODY,
  'GET /docs/openapi.yaml': EVERYBODY,
  'GET /docs/js/scalar.js': EVERYBODY,
}

/** Routes of every service that has data of its own. */
const operations: Permissions = {
  'GET /waiting-messages': TOOLS,
  'GET /suspicions': TOOLS,
  'GET /access-log': OPERATORS,
  'GET /anchors': OPERATORS,
  'GET /journal': OPERATORS,
  'GET /approvals': ASKED,
  'GET /approvals/:id': ASKED,
  'POST /approvals/:id/approve': { ...OPERATORS, rule: 'never the one who asked' },
  'POST /approvals/:id/reject': { ...OPERATORS, rule: 'never the one who asked' },
  'GET /dead-letters': RETRIES,
  'GET /dead-letters/:id': RETRIES,
  'POST /dead-letters/:id/replay': RETRIES,
  'DELETE /dead-letters/:id': TOOLS,
}

/** Routes of every service that purchases pass through. */
const operationsOfPurchases: Permissions = { ...operations, 'GET /purchase-records': TOOLS }

const ofServices: Readonly<Record<string, Permissions>> = {
  'cliente-service': {
    ...operationsOfPurchases,
    'POST /customers': {
      ...MORE_BY_TOKEN,
      rule: 'a balance or a credit limit from the start: staff and admins only',
    },
    'GET /customers': STAFF,
    'POST /customers/search': STAFF,
    'GET /customers/accounts': services('orquestrador'),
    'GET /customers/contacts': { ...services('avisos-service'), rule: 'it asks for the addresses of mails' },
    'GET /customers/:id': {
      ...OWN,
      rule: 'a seller sees contact data of their own customers whole, of others masked',
    },
    'PUT /customers/:id': {
      ...OWN,
      rule: 'balance and credit limit: admins only; staff ask for a credit limit; a seller changes their own customers alone',
    },
    'GET /customers/:id/statement': OWN_BACK_OFFICE,
    'GET /customers/:id/vehicles': OWN,
    'GET /customers/:id/credit': OWN_BACK_OFFICE,
    'PUT /customers/:id/credit/:transaction_id': BACK_OFFICE,
    'GET /credit-ageing': BACK_OFFICE,
    'POST /customers/:id/adjustments': { ...BACK_OFFICE, rule: 'beyond a limit an admin decides' },
    'GET /customers/:id/history': BACK_OFFICE,
    'POST /customers/:id/block': BACK_OFFICE,
    'POST /customers/:id/unblock': BACK_OFFICE,
    'GET /account-records': TOOLS,
    'GET /customer-ties': TOOLS,
    'GET /customers/:id/personal-data': {
      who: ['customer', 'admin'],
      own: true,
      rule: 'everything, unmasked; every reading is on record',
    },
    'GET /customers/:id/sharing': OWN_BACK_OFFICE,
    'DELETE /customers/:id': OWN_BACK_OFFICE,
    'GET /customers/:id/consents': OWN_BACK_OFFICE,
    'PUT /customers/:id/consents': OWN_BACK_OFFICE,
    'PUT /customers/:id/document': { ...BACK_OFFICE, rule: 'of somebody who has bought something, an admin alone' },
    'GET /customers/:id/personal-data/summary': OWN_BACK_OFFICE,
    'GET /customers/:id/erasure': OWN_BACK_OFFICE,
    'PUT /account-customers/:account_id': { ...services('identidade-service'), rule: 'the customer of an account' },
    'PUT /account-customers/:account_id/email': { ...services('identidade-service'), rule: 'proven by a code there' },
    'POST /account-customers/:account_id/claimable': {
      ...services('identidade-service'),
      rule: 'it sends the code to a proven contact',
    },
    'POST /account-customers/:account_id/own-record': {
      ...services('identidade-service'),
      rule: 'nobody who works here acts on it',
    },
    'PUT /account-customers/:account_id/claim': { ...services('identidade-service'), rule: 'once the code was right' },
    'GET /customer-notices/:id': { ...services('avisos-service'), rule: 'it sends what they say' },
    'POST /customers/:id/contact-proofs': { ...BACK_OFFICE, rule: 'says what was seen' },
    'GET /customers/:id/archive': { who: ['admin'], rule: 'says why; every reading is on record' },
    'POST /customers/:id/document-check': {
      ...services('veiculo-service', 'pagamento-service'),
      rule: 'says whether a document is theirs, shows none',
    },
    'GET /customers/:id/coaf-notes': { ...OPERATORS, rule: 'never of their own record' },
    'POST /customers/:id/coaf-notes': { ...OPERATORS, rule: 'never of their own record' },
    'GET /customers/:id/unmasked': {
      ...OWN,
      rule: 'staff and admins say why, a seller of their own customers alone; every reading is on record',
    },
  },
  'veiculo-service': {
    ...operationsOfPurchases,
    'POST /vehicles': { ...STAFF, rule: 'what was paid for it: the back office' },
    'GET /vehicles': { ...MORE_BY_TOKEN, rule: 'but for staff: with `status_filter=available` only' },
    'GET /vehicles/facets': { ...MORE_BY_TOKEN, rule: 'but for staff: with `status_filter=available` only' },
    'POST /vehicles/import': BACK_OFFICE,
    'POST /vehicles/search': STAFF,
    'GET /vehicles/stock': services('orquestrador'),
    'GET /vehicles/:id/price-check': {
      ...services('orquestrador'),
      rule: 'it asks before a purchase at an agreed price',
    },
    'GET /vehicles/accounts': { ...services('orquestrador'), rule: 'the owner’s reports, made anew' },
    'GET /vehicles/:id': { ...MORE_BY_TOKEN, rule: 'without a token: only one that is or was on sale, as advertised' },
    'GET /vehicles/:id/prices': { ...MORE_BY_TOKEN, rule: 'without a token: only of one that is or was on sale' },
    'PUT /vehicles/:id': { ...STAFF, rule: 'a price that comes down too far: an admin decides' },
    'GET /vehicles/:id/history': BACK_OFFICE,
    'PATCH /vehicles/:id/mark_as_sold': {
      who: ['staff', 'admin', 'service'],
      services: ['orquestrador'],
      rule: 'with a `transaction_id`: services only, with the proof that the purchase is paid; without, a sale by hand: admins, for staff an admin decides',
    },
    'POST /vehicles/sales': { ...services('orquestrador'), rule: 'each with the proof that its purchase is paid' },
    'POST /vehicles/:id/corrections': OPERATORS,
    'POST /vehicles/:id/withdraw': STAFF,
    'POST /vehicles/:id/relist': STAFF,
    'POST /vehicles/:id/publish': STAFF,
    'POST /vehicles/:id/return_to_owner': BACK_OFFICE,
    'POST /vehicles/:id/photos': STAFF,
    'PUT /vehicles/:id/photos': STAFF,
    'DELETE /vehicles/:id/photos/:photo_id': STAFF,
    'GET /photos/:file': EVERYBODY,
    'GET /vehicles/papers': BACK_OFFICE,
    'GET /vehicles/:id/papers': BACK_OFFICE,
    'PUT /vehicles/:id/papers': BACK_OFFICE,
    'GET /vehicles/:id/costs': BACK_OFFICE,
    'PUT /vehicles/:id/acquisition': BACK_OFFICE,
    'POST /vehicles/:id/expenses': BACK_OFFICE,
    'POST /vehicles/:id/warranty-claims': { ...STAFF, rule: 'never of what they have bought themselves' },
    'GET /warranty-claims': BACK_OFFICE,
    'POST /warranty-claims/:id/close': { ...BACK_OFFICE, rule: 'beyond a limit an admin decides' },
    'POST /vehicles/:id/pickup': STAFF,
    'POST /vehicles/:id/pickup_code': BACK_OFFICE,
    'GET /personal-data': { ...services('cliente-service'), rule: 'it hands people their data out' },
    'GET /personal-data/handed-over': { ...services('cliente-service'), rule: 'it asks before it erases' },
    'GET /vehicles/:id/unmasked': { ...STAFF, rule: 'says why; every reading is on record' },
  },
  'pagamento-service': {
    ...operationsOfPurchases,
    'GET /payment-codes': OWN_BACK_OFFICE,
    'GET /payment-codes/:code': OWN,
    'GET /payment-codes/:code/qr.svg': OWN,
    'POST /payments': { ...OWN_BACK_OFFICE, rule: 'at the counter staff alone; beyond a limit an admin decides' },
    'POST /payments/:id/receive': BACK_OFFICE,
    'POST /payments/:id/reverse': BACK_OFFICE,
    'POST /payments/:id/fail': BACK_OFFICE,
    'POST /closings': { ...BACK_OFFICE, rule: 'what is taken out beyond a limit an admin decides' },
    'GET /closings': { who: ['staff', 'admin', 'service'], operators: true, services: ['orquestrador'] },
    'GET /payment-debts': BACK_OFFICE,
    'POST /payment-debts': BACK_OFFICE,
    'POST /payments/:id/bank-told': BACK_OFFICE,
    'POST /payment-debts/:id/settle': { ...BACK_OFFICE, rule: 'beyond a limit an admin decides' },
    'POST /payment-codes/:code/extend': BACK_OFFICE,
    'GET /payment-clearances/:transaction_id': { ...services('veiculo-service'), rule: 'it asks before a handover' },
    'GET /payments': OWN_BACK_OFFICE,
    'GET /payments/:id': OWN_BACK_OFFICE,
    'GET /payment-proofs/key': { who: 'everybody', rule: 'a public key' },
    'POST /webhooks/payments': { who: 'everybody', proof: 'signature', rule: 'proves itself by its signature' },
    'POST /webhooks/pix': { who: 'everybody', proof: 'signature', rule: 'proves itself by its signature' },
    'GET /unmatched-payments': { who: ['staff', 'admin', 'service'], operators: true, services: ['orquestrador'] },
    'GET /owed-items': BACK_OFFICE,
    'POST /owed-items': { ...BACK_OFFICE, rule: 'beyond a limit an admin decides' },
    'POST /owed-items/:id/settle': { ...BACK_OFFICE, rule: 'beyond a limit an admin decides' },
    'POST /unmatched-payments/:id/refund': OPERATORS,
    'GET /personal-data': { ...services('cliente-service'), rule: 'it hands people their data out' },
    'GET /personal-data/open-money': { ...services('cliente-service'), rule: 'it asks before it erases' },
  },
  orquestrador: {
    ...operationsOfPurchases,
    'POST /purchase': { ...OWN, rule: 'a customer buys for themselves' },
    'POST /purchase/:transaction_id/cancel': OWN_SALES,
    'POST /purchase/:transaction_id/return': {
      ...OWN,
      rule: 'a buyer within seven days of receipt, of what was bought from a distance; staff with a reason; sellers: their own sales',
    },
    'POST /purchase/:transaction_id/corrections': { ...OPERATORS, rule: 'never their own purchase' },
    'GET /returns': OWN_SALES,
    'GET /returns/:return_id': OWN_SALES,
    'POST /returns/:return_id/received': BACK_OFFICE,
    'POST /returns/:return_id/cancel': OWN_SALES,
    'GET /reports/sales': BACK_OFFICE,
    'GET /reports/stock': BACK_OFFICE,
    'POST /reports/rebuild': OPERATORS,
    'GET /saga-states': OWN_SALES,
    'GET /saga-states/purchases': { ...services('avisos-service'), rule: 'it tells their buyers' },
    'GET /saga-states/:transaction_id': OWN_SALES,
    'GET /saga-states/:transaction_id/history': OWN_SALES,
    'GET /saga-states/:transaction_id/events': OWN_SALES,
    'GET /saga-states/overdue': BACK_OFFICE,
    'POST /saga-states/:transaction_id/retry': OPERATORS,
    'POST /saga-states/:transaction_id/give-up': OPERATORS,
    'POST /saga-states/:transaction_id/redo': OPERATORS,
    'POST /audits': OPERATORS,
    'GET /audits': OPERATORS,
    'GET /audits/:id': OPERATORS,
    'POST /webhook-subscriptions': OPERATORS,
    'GET /webhook-subscriptions': OPERATORS,
    'GET /webhook-subscriptions/:id': OPERATORS,
    'DELETE /webhook-subscriptions/:id': OPERATORS,
    'POST /webhook-subscriptions/:id/rotate-secret': OPERATORS,
    'POST /webhook-subscriptions/:id/enable': OPERATORS,
    'GET /webhook-subscriptions/:id/deliveries': OPERATORS,
    'POST /webhook-deliveries/:id/retry': OPERATORS,
    'GET /last-backup': OPERATORS,
    'GET /step-times': BACK_OFFICE,
    'GET /personal-data/sells-to': { ...services('cliente-service'), rule: 'it asks whose customer somebody is' },
    'GET /personal-data/purchase-in-progress': { ...services('cliente-service'), rule: 'it asks before it erases' },
    'GET /personal-data': { ...services('cliente-service'), rule: 'it hands people their data out' },
  },
  'identidade-service': {
    ...operations,
    ...Object.fromEntries(
      [
        ...['POST /auth/sign-up/email', 'POST /auth/sign-up/resend', 'POST /auth/sign-up/verify'],
        ...['POST /auth/sign-in/email', 'POST /auth/sign-out'],
        ...['POST /auth/email-otp/request-password-reset', 'POST /auth/email-otp/reset-password'],
        ...['GET /auth/passkey/generate-authenticate-options', 'POST /auth/passkey/verify-authentication'],
        ...['POST /auth/two-factor/verify-totp', 'POST /auth/two-factor/verify-backup-code'],
      ].map((route) => [route, BROWSERS]),
    ),
    ...Object.fromEntries(
      [
        ...['POST /auth/change-password', 'GET /auth/token', 'POST /auth/claim/code', 'POST /auth/claim'],
        'POST /auth/delete-account',
        ...['POST /auth/email-otp/request-email-change', 'POST /auth/email-otp/change-email'],
        ...['GET /auth/list-sessions', 'POST /auth/revoke-session', 'POST /auth/revoke-other-sessions'],
        ...['POST /auth/two-factor/enable', 'POST /auth/two-factor/disable'],
        'POST /auth/two-factor/generate-backup-codes',
        ...['GET /auth/passkey/generate-register-options', 'POST /auth/passkey/verify-registration'],
        ...['GET /auth/passkey/list-user-passkeys', 'POST /auth/passkey/delete-passkey'],
      ].map((route) => [route, SESSIONS]),
    ),
    'POST /auth/accept-invitation': { ...BROWSERS, rule: 'proves itself by the link, which opens once' },
    'GET /staff': OPERATORS,
    'GET /staff/names': STAFF,
    'POST /staff/invitations': OPERATORS,
    'PUT /staff/:id': { ...OPERATORS, rule: 'never their own account' },
    'POST /staff/:id/lend': { ...OPERATORS, rule: 'never their own account' },
    'POST /staff/:id/deactivate': { ...OPERATORS, rule: 'never their own account, nor the last admin' },
    'GET /account-ties': TOOLS,
    'GET /personal-data': { ...services('cliente-service'), rule: 'it hands people their data out' },
    'GET /staff-contacts': { ...services('avisos-service'), rule: 'whom it tells of what waits for them' },
    'GET /auth/jwks': EVERYBODY,
    'GET /me': { ...MORE_BY_TOKEN, rule: 'by a session’s cookie or a token' },
    'GET /notices/:id': { ...services('avisos-service'), rule: 'it sends what they say' },
  },
  'avisos-service': {
    ...operations,
    'POST /reminders/:customer_id/:proof/off': { who: 'everybody', rule: 'proves itself by the link in a mail' },
    'GET /mails': { ...BACK_OFFICE, rule: 'in development alone' },
  },
  gateway: { 'GET /': EVERYBODY, 'OPTIONS *': { ...EVERYBODY, rule: 'what browsers ask before they ask' } },
} satisfies Readonly<Record<ProcessName, Permissions>>
