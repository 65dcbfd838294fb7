/** What the system has promised in its answers, to be held against what it did. Money in cents. */
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
  /** transaction_id of what POST /payments answered is completed. */
  readonly paid: Set<string>
  /** transaction_id of what was answered 200 to its cancellation. */
  readonly cancelled: Set<string>
  /** Vehicles whose handing over was answered 200. */
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
