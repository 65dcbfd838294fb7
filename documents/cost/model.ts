/** The cost of a month, line by line, each with its arithmetic in words. Pure: prices and sizes in, dollars out. */
import { ARMOR_RULES, containers, FIRST_DISK_GB, GIB, HOURS, type Scale, SECONDS, usage } from './load.ts'
import { traffic } from './messages.ts'
import { prices } from './prices.ts'

export interface Line {
  readonly what: string
  /** `2 × 3 × US$ 4`, as a reader would check it. */
  readonly sum: string
  readonly usd: number
}

type Factor = readonly [value: number, unit: string]

/** Services that keep data and pull messages; avisos-service, which sends the mails, is one more. */
const SERVICES = 5
const AVISOS = 1

export const monthOf = (scale: Scale): readonly Line[] => [...ofRun(scale), ...ofSql(scale), ...ofTraffic(scale)]

const requestsOf = ({ purchases }: Scale) => purchases * usage.requests_per_purchase
const pagesOf = ({ purchases }: Scale) => purchases * usage.pages_per_purchase

function ofRun(scale: Scale): readonly Line[] {
  const instances = instancesOf(scale)
  const active = gatewaySeconds(scale)
  const rendering = pageSeconds(scale)
  const { cpu, gib } = sidecars
  return [
    line(
      'Cloud Run: CPU dos seis serviços',
      prices.run_cpu_always.usd,
      [instances, 'instâncias'],
      [cpu, 'vCPU'],
      [SECONDS, 's'],
    ),
    line(
      'Cloud Run: memória dos seis serviços',
      prices.run_memory_always.usd,
      [instances, 'instâncias'],
      [gib, 'GiB'],
      [SECONDS, 's'],
    ),
    line(
      'Cloud Run: gateway, em uso',
      prices.run_cpu_request.usd + containers.app.gib * prices.run_memory_request.usd,
      [active, 's de uma instância'],
    ),
    line('Cloud Run: gateway, ocioso', prices.run_cpu_idle.usd + containers.app.gib * prices.run_memory_request.usd, [
      idleSeconds(scale, active),
      's de instância mínima',
    ]),
    line(
      'Cloud Run: páginas, em uso',
      prices.run_cpu_request.usd + containers.app.gib * prices.run_memory_request.usd,
      [rendering, 's de uma instância'],
    ),
    line('Cloud Run: páginas, ociosas', prices.run_cpu_idle.usd + containers.app.gib * prices.run_memory_request.usd, [
      Math.max(0, scale.web * SECONDS - rendering),
      's de instância mínima',
    ]),
    line('Cloud Run: requisições do gateway e das páginas', prices.run_requests.usd, [
      (requestsOf(scale) + pagesOf(scale)) / 1e6,
      'milhões',
    ]),
  ]
}

function ofSql({ purchases, database }: Scale): readonly Line[] {
  const stored_gb = FIRST_DISK_GB + (purchases * usage.months * storedBytes) / 1e9
  const grown_gb = (purchases * storedBytes) / 1e9
  return [
    line(
      'Cloud SQL: CPU, com reserva em outra zona',
      prices.sql_cpu.usd,
      [2, 'máquinas'],
      [database.cpu, 'vCPU'],
      [HOURS, 'h'],
    ),
    line('Cloud SQL: memória', prices.sql_memory.usd, [2, 'máquinas'], [database.gb, 'GB'], [HOURS, 'h']),
    line('Cloud SQL: disco', prices.sql_disk.usd, [2, 'cópias'], [stored_gb, 'GB']),
    line('Cloud SQL: backups de 30 dias', prices.sql_backup.usd, [
      stored_gb + grown_gb,
      'GB (uma cópia e um mês de mudanças)',
    ]),
  ]
}

function ofTraffic(scale: Scale): readonly Line[] {
  const { purchases } = scale
  const requests = requestsOf(scale)
  const instances = instancesOf(scale)
  const answers_gib = (requests * usage.bytes_per_answer) / GIB
  const logs_gib = (requests * 2 * usage.log_bytes_per_request) / GIB
  const samples = (instances * usage.series * 2 * 60 * HOURS) / 1e6
  const pubsub_tib = (purchases * traffic().billed_bytes) / 2 ** 40
  return [
    line('Pub/Sub', prices.pubsub.usd, [pubsub_tib, 'TiB']),
    line('Balanceador: regras', prices.balancer_rules.usd, [HOURS, 'h']),
    line('Balanceador: dados', prices.balancer_data.usd, [answers_gib, 'GiB']),
    line('Cloud Armor: política e regras', 1, [
      prices.armor_policy.usd + ARMOR_RULES * prices.armor_rule.usd,
      'por mês',
    ]),
    line('Cloud Armor: requisições', prices.armor_requests.usd, [requests / 1e6, 'milhões']),
    line('Saída para a internet', prices.egress.usd, [answers_gib, 'GiB']),
    line(
      'Cloud NAT: instâncias',
      prices.nat_instance.usd,
      [Math.min(instances + scale.gateway + scale.web, 32), 'instâncias'],
      [HOURS, 'h'],
    ),
    line('Cloud NAT: endereço', prices.address.usd, [HOURS, 'h']),
    line('Cloud NAT: dados do provedor de pagamento', prices.nat_data.usd, [
      (purchases * usage.bytes_to_provider_per_purchase) / GIB,
      'GiB',
    ]),
    line('Cloud KMS', prices.kms_version.usd, [usage.kms_versions, 'versões']),
    line('Secret Manager', prices.secret_version.usd, [usage.secret_versions, 'versões']),
    line('Artifact Registry', prices.registry.usd, [usage.registry_gb, 'GB']),
    line('Logging: uma linha por requisição, duas vezes', prices.logs.usd, [logs_gib, 'GiB']),
    line('Monitoring: amostras', prices.samples.usd, [samples, 'milhões']),
  ]
}

export const totalOf = (lines: readonly Line[]): number => lines.reduce((sum, { usd }) => sum + usd, 0)

const storedBytes = usage.stored_bytes_per_purchase + usage.stored_bytes_per_vehicle

const sidecars = {
  cpu: containers.app.cpu + containers.metrics.cpu,
  gib: containers.app.gib + containers.metrics.gib,
}

/** Requests a second in the busiest hour. */
export const peakRequests = ({ purchases }: Scale): number =>
  (purchases * usage.requests_per_purchase * usage.peak) / SECONDS

/** Billed for the whole month as if it were the busiest hour: all that keep data, those behind the door by their processors. */
export function instancesOf(scale: Scale): number {
  const needed = Math.ceil((peakRequests(scale) * usage.service_cpu) / usage.utilisation)
  return (SERVICES - 1) * scale.services + Math.max(scale.services, needed) + AVISOS
}

/** A single request is charged for its step. Many at once share an instance, which is then charged for the month. */
function gatewaySeconds(scale: Scale): number {
  const requests = requestsOf(scale)
  const busy = Math.ceil((peakRequests(scale) * usage.gateway_cpu) / usage.utilisation)
  return Math.min(requests * usage.request_step, busy * SECONDS)
}

function pageSeconds(scale: Scale): number {
  const share = usage.pages_per_purchase / usage.requests_per_purchase
  const busy = Math.ceil((peakRequests(scale) * share * usage.page_cpu) / usage.utilisation)
  return Math.min(pagesOf(scale) * usage.request_step, busy * SECONDS)
}

/** The cost of a month without visitors: the least that a budget has to allow for. */
export const idleOf = (scale: Scale): number => totalOf(monthOf({ ...scale, purchases: 0 }))

const idleSeconds = ({ gateway }: Scale, active: number) => Math.max(0, gateway * SECONDS - active)

function line(what: string, usd: number, ...factors: readonly Factor[]): Line {
  const total = factors.reduce((product, [value]) => product * value, usd)
  const words = factors.map(([value, unit]) => `${number(value)} ${unit}`)
  return { what, usd: total, sum: [...words, `US$ ${number(usd)}`].join(' × ') }
}

export const number = (value: number): string => value.toLocaleString('pt-BR', { maximumSignificantDigits: 5 })
