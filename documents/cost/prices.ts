/**
 * Google Cloud's prices in US dollars; for southamerica-east1 where they depend on the region. ASSUMPTIONS: list prices without
 * discounts, free amounts or taxes, as of DATE. Correct a number here, run `npm run documents`, and the page has the new sums.
 * `isSeen`: a copy of the source page was read; the other prices are from experience, to be checked.
 */
export const DATE = '2026-11-26'

/** Reais for a dollar. */
export const BRL = 5.5

export interface Price {
  readonly usd: number
  /** In Portuguese, for the page. */
  readonly per: string
  readonly source: string
  readonly isSeen: boolean
}

const price = (usd: number, per: string, source: string, isSeen = false): Price => ({ usd, per, source, isSeen })

const RUN = 'https://cloud.google.com/run/pricing'
const SQL = 'https://cloud.google.com/sql/pricing'
const PUBSUB = 'https://cloud.google.com/pubsub/pricing'
const NETWORK = 'https://cloud.google.com/vpc/network-pricing'
const BALANCER = 'https://cloud.google.com/load-balancing/pricing'
const ARMOR = 'https://cloud.google.com/armor/pricing'
const NAT = 'https://cloud.google.com/nat/pricing'
const OBSERVABILITY = 'https://cloud.google.com/stackdriver/pricing'

export const prices = {
  run_cpu_always: price(0.0000216, 'vCPU-segundo, CPU sempre alocada (tier 2)', RUN),
  run_memory_always: price(0.0000024, 'GiB-segundo, CPU sempre alocada (tier 2)', RUN),
  run_cpu_request: price(0.0000336, 'vCPU-segundo, CPU por requisição (tier 2)', RUN),
  run_memory_request: price(0.0000035, 'GiB-segundo, CPU por requisição (tier 2)', RUN),
  run_cpu_idle: price(0.0000035, 'vCPU-segundo de instância mínima ociosa (tier 2)', RUN),
  run_requests: price(0.4, 'milhão de requisições (CPU por requisição)', RUN),
  sql_cpu: price(0.062, 'vCPU-hora, Enterprise', SQL),
  sql_memory: price(0.0105, 'GB-hora de memória, Enterprise', SQL),
  sql_disk: price(0.255, 'GB-mês de SSD', SQL),
  sql_backup: price(0.12, 'GB-mês de backup', SQL),
  pubsub: price(40, 'TiB publicado ou entregue, no mínimo 1.000 bytes por requisição', PUBSUB, true),
  balancer_rules: price(0.025, 'hora, pelas primeiras cinco regras de encaminhamento', BALANCER),
  balancer_data: price(0.012, 'GiB processado', BALANCER),
  armor_policy: price(5, 'política por mês', ARMOR),
  armor_rule: price(1, 'regra por mês', ARMOR),
  armor_requests: price(0.75, 'milhão de requisições', ARMOR),
  egress: price(0.12, 'GiB para a internet', NETWORK),
  address: price(0.005, 'hora de endereço IP do NAT', NAT, true),
  nat_instance: price(0.0014, 'hora de instância atrás do NAT', NAT, true),
  nat_data: price(0.045, 'GiB pelo NAT', NAT, true),
  kms_version: price(0.06, 'versão ativa de chave por mês', 'https://cloud.google.com/kms/pricing'),
  secret_version: price(
    0.06,
    'versão ativa de segredo por mês',
    'https://cloud.google.com/secret-manager/pricing',
    true,
  ),
  registry: price(0.1, 'GB-mês de imagem', 'https://cloud.google.com/artifact-registry/pricing'),
  logs: price(0.5, 'GiB de log', OBSERVABILITY, true),
  samples: price(0.06, 'milhão de amostras do Managed Service for Prometheus', OBSERVABILITY),
} as const satisfies Readonly<Record<string, Price>>
