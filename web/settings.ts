/** The settings of the pages: the addresses of the services, and the dealership's facts about itself. */

/** By the name of the service in the address of its API: `cliente-service`, `identidade-service`, … */
export type AddressOf = (service: string) => string

export interface Settings {
  /** `https://loja.example`: every absolute link, and the only origin whose forms are taken. */
  readonly publicOrigin: string
  readonly addressOf: AddressOf
  /** Proxies before the pages whose X-Forwarded-For is believed, the gateway among them. */
  readonly trustedProxies: number
  readonly shop: Shop
  readonly rules: Rules
}

/** The limits and periods that the office shows; they change by deployment. Money in reais. */
export interface Rules {
  /** `staff`: an admin decides alone; `all`: nobody does. */
  readonly approvals: 'staff' | 'all'
  readonly approvalAdjustment: number
  readonly approvalCredit: number
  readonly approvalPayment: number
  readonly approvalDiscount: number
  readonly approvalHours: number
  readonly creditDueDays: number
  readonly counterHours: number
  readonly returnDays: number
  readonly openPixPurchases: number
  readonly customersReadPerHour: number
  readonly auditMinutes: number
  readonly paymentProvider: 'simulated' | 'pix'
}

/** The seller, whom every page names (Decreto 7.962/2013, art. 2), and the promises, so that no page makes its own. */
export interface Shop {
  readonly name: string
  readonly legalName: string
  readonly cnpj: string
  readonly address: string
  readonly city: string
  readonly email: string
  readonly phone: string
  readonly hours: string
  /** The encarregado of the LGPD. */
  readonly dpoName: string
  readonly dpoEmail: string
  readonly pixMinutes: number
  /** Working days from receipt of the vehicle, or from a cancellation, until the money is back. */
  readonly refundDays: number
  readonly pickupDays: number
}
