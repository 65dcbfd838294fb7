/** The shop's expected state after each request, as a small model: buyers with their balance, cars, and purchases. */

export interface Buyer {
  readonly id: number
  balance: number
  /** Asked to be erased: buys no more, and answers about them are not compared. */
  isGone: boolean
}

export interface Car {
  readonly id: number
  price: number
  status: 'available' | 'reserved' | 'sold' | 'withdrawn'
}

export interface Deal {
  readonly id: string
  readonly buyer: Buyer
  readonly car: Car
  /** At which it was bought. */
  readonly price: number
  readonly payment_type: 'cash' | 'pix' | 'counter'
  /** Under which it was asked for. */
  readonly key: string
  state: 'waiting' | 'completed' | 'cancelled' | 'returned'
  /** Only of purchases that are paid at the counter. */
  readonly parts: Part[]
}

export interface Part {
  readonly id: number
  readonly cents: number
  readonly method: Method
  isReversed: boolean
}

/** A financing is only promised here, the others are received. */
export type Method = 'banknotes' | 'pix' | 'financing'

const sum = (parts: readonly Part[]) => parts.reduce((cents, part) => cents + part.cents, 0)
const standing = ({ parts }: Deal) => parts.filter(({ isReversed }) => !isReversed)

/** The sum of promised and received parts. */
export const heldOf = (deal: Deal): number => sum(standing(deal))

/** The received money of an undone purchase goes back: a Pix by its provider, the rest by hand. */
const backBy = (deal: Deal, method: Method): number =>
  deal.state === 'cancelled' || deal.state === 'returned'
    ? sum(standing(deal).filter((part) => part.method === method))
    : 0
export const owedOf = (deal: Deal): number => backBy(deal, 'banknotes')
export const refundedOf = (deal: Deal): number => backBy(deal, 'pix')

export interface Model {
  readonly buyers: Buyer[]
  readonly cars: Car[]
  readonly deals: Deal[]
}

/** Whether an order is taken in: the rest is refused before anything begins. */
export function mayBuy(buyer: Buyer, car: Car, payment_type: Deal['payment_type']): boolean {
  if (buyer.isGone || car.status !== 'available') return false
  return payment_type !== 'cash' || buyer.balance >= car.price
}

export const isWaiting = ({ state }: Deal) => state === 'waiting'

export const hasWaiting = ({ deals }: Model, buyer: Buyer) =>
  deals.some((deal) => deal.buyer === buyer && isWaiting(deal))

/** Cheapest first, then the older. */
export const onSale = ({ cars }: Model): Car[] =>
  cars.filter(({ status }) => status === 'available').sort((one, other) => one.price - other.price || one.id - other.id)
