/** The load that the costs are computed for: three sizes, from a start to a country's market. Edit, then `npm run documents`. */

/** How the system is used, apart from how often. These are assumptions, unless a measurement is named. */
export const usage = {
  /** HTTP requests at the public door for each purchase: people look at many vehicles before they buy one. */
  requests_per_purchase: 100,
  /** Bytes of an answer, headers included. */
  bytes_per_answer: 6_000,
  /** The busiest hour against the month's average. */
  peak: 10,
  /** Seconds of processor time that a request takes at the gateway, and at the service behind it. */
  gateway_cpu: 0.0015,
  service_cpu: 0.0015,
  /** How many of those requests are rendered pages, and the seconds of processor that one takes: both are assumptions. */
  pages_per_purchase: 30,
  page_cpu: 0.01,
  /** How busy a processor may be at the peak. */
  utilisation: 0.6,
  /** Requests are charged in steps of this many seconds. */
  request_step: 0.1,
  /** Tables with their indexes: 3,663 to 4,000 by `npm run bench:footprint` (20,000 purchases). */
  stored_bytes_per_purchase: 4_000,
  /** The vehicle that is bought: 1,074 by the same bench, without description and photos, which are assumed. */
  stored_bytes_per_vehicle: 3_000,
  /** The month of the table: the database then holds this many months of data. */
  months: 12,
  log_bytes_per_request: 1_000,
  /** Time series that a service reports, each twice a minute: 92 to 152 were counted after one purchase, more routes make more. */
  series: 300,
  bytes_to_provider_per_purchase: 20_000,
  /** A key for each service that keeps data, a version for each quarter of a year and the first. */
  kms_versions: 6 * 5,
  secret_versions: 6,
  registry_gb: 2,
} as const

export const HOURS = 730
export const SECONDS = HOURS * 3_600
export const GIB = 2 ** 30

/** As infrastructure/terraform/modules/services/main.tf has them: the service, and the metrics collector beside those that keep data. */
export const containers = {
  app: { cpu: 1, gib: 0.5 },
  metrics: { cpu: 0.5, gib: 0.5 },
} as const

/** Rules of infrastructure/terraform/modules/edge/main.tf, the default one included. */
export const ARMOR_RULES = 5

/** As infrastructure/terraform/modules/sql/main.tf has it. */
export const FIRST_DISK_GB = 20

export interface Scale {
  readonly name: string
  readonly purchases: number
  /** Cloud SQL's machine; always with a standby, since money is at stake. */
  readonly database: { readonly cpu: number; readonly gb: number }
  /**
   * The fewest instances of each service that keeps data (one is enough for avisos-service), of the gateway, and of the
   * pages.
   */
  readonly services: number
  readonly gateway: number
  readonly web: number
}

export const scales: readonly Scale[] = [
  { name: '1.000 compras', purchases: 1_000, database: { cpu: 1, gb: 3.75 }, services: 1, gateway: 0, web: 0 },
  { name: '100.000 compras', purchases: 100_000, database: { cpu: 4, gb: 15 }, services: 2, gateway: 1, web: 1 },
  {
    name: '10 milhões de compras',
    purchases: 10_000_000,
    database: { cpu: 8, gb: 30 },
    services: 2,
    gateway: 1,
    web: 1,
  },
]
