/** The promises that the system made in its answers, to be compared with its records. Money in cents. */
export interface Order {
  readonly key: string
  readonly customer_id: number
  readonly vehicle_id: number
  readonly payment_type: 'cash' | 'credit' | 'pix'
}

export interface Opening {
  readonly balance_cents: number
  readonly limit_cents: number
}

export interface Promises {
  /** By id. */
  readonly customers: Map<number, Opening>
  /** Prices by id. */
  readonly vehicles: Map<number, number>
  /** By transaction_id: what was answered 202. */
  readonly accepted: Map<string, Order>
  /** Answers to orders that were not accepted, by their words. */
  readonly refused: Map<string, number>
  /** transaction_id of payments that POST /payments answered as completed. */
  readonly paid: Set<string>
  /** transaction_id of purchases whose cancellation was answered 200. */
  readonly cancelled: Set<string>
  /** Vehicles whose pickup was answered 200. */
  readonly pickedUp: Set<number>
  /** Answers that nobody should get: `POST /purchase 500 …`. */
  readonly strange: string[]
}

export const noPromises = (): Promises => ({
  customers: new Map(),
  vehicles: new Map(),
  accepted: new Map(),
  refused: new Map(),
  paid: new Set(),
  cancelled: new Set(),
  pickedUp: new Set(),
  strange: [],
})
