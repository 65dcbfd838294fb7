/** The orquestrador: runs each purchase as a saga across the other services. */
import {
  creditReleased,
  creditReservationFailed,
  creditReserved,
  creditReturned,
  type MessageContract,
  paymentCodeGenerated,
  paymentCodeGenerationFailed,
  paymentFailed,
  paymentProcessed,
  paymentRefunded,
  paymentRefundFailed,
  paymentReturned,
  vehicleHeldForReturn,
  vehicleHoldForReturnFailed,
  vehicleReleased,
  vehicleReleasedFromReturn,
  vehicleReservationFailed,
  vehicleReserved,
  vehicleTakenBack,
} from '#contracts'
import { handOver, type ServiceContext, type ServiceDefinition, suspicionsOf, waitingMessages } from '#host'
import type { MessageIntake } from '#messaging'
import { type Alarm, startAlarm } from '#platform/alarm'
import { openPeers } from '#platform/peers'
import { auditor } from './audit/auditor.ts'
import { auditGauges } from './audit/gauges.ts'
import { heldAgain } from './audit/suspicions.ts'
import { sagaFeed } from './events/saga-feed.ts'
import { routes } from './http.ts'
import { agreedPriceKind } from './purchases/agreed-price.ts'
import { closedMonthBy } from './purchases/closed-month.ts'
import { neighboursBy } from './purchases/neighbours.ts'
import { openPurchases } from './purchases/open-purchases.ts'
import { sealedCodes, sealPlainCodes } from './purchases/pickup-code-store.ts'
import { pickupEvents, sealingAnswers, showCodes } from './purchases/pickup-codes.ts'
import { handOverSales } from './purchases/sale-store.ts'
import type { RecordSources } from './records/records.ts'
import { purchaseRecords } from './records/records-store.ts'
import { accountEvents, reporting } from './reports/facts.ts'
import { purchasesWithReturn, returnsOfOlderPurchases } from './returns/return-store.ts'
import { whenEnded } from './returns/when-ended.ts'
import { erasureEvents } from './rights/erasure.ts'
import { passDeadlines } from './runner/deadlines.ts'
import { sagaGauges } from './runner/gauges.ts'
import { historyChores } from './runner/history-archive.ts'
import { definitions } from './runner/purchase-versions.ts'
import { type SagaRunner, sagaRunner } from './runner/run-saga.ts'
import { sagaMemory } from './runner/saga-memory.ts'
import { makeCallsDue } from './runner/saga-store.ts'
import { webhookIntakes } from './webhooks/events.ts'
import { poster } from './webhooks/post.ts'
import { startSender } from './webhooks/sender.ts'
import { newSecret } from './webhooks/signature.ts'
import { sealedTables, sealPlainSecrets } from './webhooks/subscription-store.ts'

export const orquestrador: ServiceDefinition = {
  name: 'orquestrador',
  description: 'Purchases: starts them, runs each as a saga, shows where it stands, takes cancellations.',
  migrations: new URL('./migrations/', import.meta.url),
  sealed: [...sealedTables, sealedCodes],
  sealPlain: async (database, vault) =>
    (await sealPlainSecrets(database, vault)) + (await sealPlainCodes(database, vault)),
  wire,
}

const replies = [
  creditReserved,
  creditReservationFailed,
  creditReleased,
  vehicleReserved,
  vehicleReservationFailed,
  vehicleReleased,
  paymentCodeGenerated,
  paymentCodeGenerationFailed,
  paymentProcessed,
  paymentFailed,
  paymentRefunded,
  paymentRefundFailed,
  vehicleHeldForReturn,
  vehicleHoldForReturnFailed,
  vehicleReleasedFromReturn,
  creditReturned,
  paymentReturned,
  vehicleTakenBack,
]

/** Other parts ring them. Absent until the service has started; the start itself finds everything that was due before. */
interface Alarms {
  deadlines?: Alarm
  webhooks?: Alarm
}

type Machinery = ReturnType<typeof machineryOf>

function wire(context: ServiceContext) {
  const { config, database, vault, unitOfWork, clock, ids } = context
  const alarms: Alarms = {}
  const machinery = machineryOf(context, alarms)
  const onDue = (at: Date) => alarms.webhooks?.expect(at)
  return {
    routes: routes({
      ...machinery,
      database,
      vault,
      unitOfWork,
      clock,
      ids,
      open: openPurchases(database, clock, {
        perCustomer: config.OPEN_PIX_PURCHASES_MAX,
        pauseMs: config.UNPAID_PAUSE_MINUTES * 60_000,
        share: config.UNPAID_STOCK_SHARE_MAX,
        onSale: machinery.neighbours.onSale,
      }),
      approvals: context.approvals,
      discountLimit: config.APPROVAL_DISCOUNT,
      waitForMs: config.RETURN_TTL_DAYS * 86_400_000,
      streamsMax: config.EVENT_STREAMS_MAX,
      newSecret,
      ask: machinery.peers.ask,
      closedMonth: closedMonthBy(machinery.peers.ask),
      allowLoopback: config.WEBHOOK_ALLOW_LOOPBACK,
      onDue,
      backedUpFrom: config.DATABASE_URL === undefined ? config.DATA_DIR : undefined,
    }),
    handlers: [
      ...replies.flatMap((contract) =>
        contract.subscriptions
          .filter((name) => name.startsWith('orquestrador-'))
          .map((name) => intake(contract, name, machinery.runner)),
      ),
      ...reporting(webhookIntakes({ database, clock, onDue }), database),
      ...accountEvents,
      ...pickupEvents,
      ...erasureEvents,
      handOver('orquestrador-work-handed-over-sub', (tx, { from, to }) => handOverSales(tx, from, to)),
    ],
    approvalKinds: [agreedPriceKind({ ...machinery, vault, clock })],
    chores: historyChores(config.SAGA_HISTORY_DAYS),
    suspicions: heldAgain(database),
    gauges: [...sagaGauges(database, clock, definitions), ...auditGauges(database, clock)],
    start: () => start(context, machinery, alarms),
  }
}

function machineryOf(
  { config, database, vault, unitOfWork, clock, log, addressOf, serviceToken, turns }: ServiceContext,
  alarms: Alarms,
) {
  const peers = openPeers(addressOf, serviceToken)
  const neighbours = neighboursBy(peers.ask)
  const sources: RecordSources = {
    ask: peers.ask,
    own: {
      page: (after, limit) => purchaseRecords.page(database, after, limit),
      named: (ids) => purchaseRecords.named(database, ids),
      returned: (began, after, limit) => returnsOfOlderPurchases(database, began, after, limit),
      waiting: () => waitingMessages(database, clock),
      suspicions: suspicionsOf(database, heldAgain(database)),
    },
  }
  const show = showCodes(vault)
  const feed = sagaFeed(database, show, (err) => log.warn({ err }, 'event streams could not be fed'))
  const runner = sagaRunner({
    definitions,
    unitOfWork,
    clock,
    turns,
    memory: config.BUS === 'embedded' ? sagaMemory() : undefined, // on other buses a reply comes to any of the replicas
    stepTimeoutMs: config.SAGA_STEP_TIMEOUT_SECONDS * 1_000,
    makeCall: sealingAnswers(vault, neighbours.markAsSold),
    takenOver: purchasesWithReturn,
    whenEnded,
    onDeadline: (at) => alarms.deadlines?.expect(at),
    onMoved: feed.moved,
    onFault: (err, transaction_id) => log.warn({ err, transaction_id }, 'a call failed and will be made again'),
  })
  const audits = auditor({
    database,
    sources,
    clock,
    everyMs: config.AUDIT_EVERY_MINUTES * 60_000,
    onError: (err) => log.error({ err }, 'an audit could not be run'),
  })
  return { peers, neighbours, sources, show, feed, runner, auditor: audits }
}

function start({ config, database, vault, clock, log }: ServiceContext, machinery: Machinery, alarms: Alarms) {
  const { peers, feed, runner, auditor } = machinery
  const deadlines = startAlarm(
    async () => passDeadlines(database, runner, clock),
    (err) => log.error({ err }, 'deadlines could not be passed'),
  )
  const recovery = makeCallsDue(database, definitions, clock.now()).then(() => deadlines.expect(clock.now()))
  recovery.catch((err) => log.error({ err }, 'calls of the last run wait for their deadlines'))
  const webhooks = startSender({
    database,
    vault,
    clock,
    poster: poster({ allowLoopback: config.WEBHOOK_ALLOW_LOOPBACK }),
    onError: (err) => log.error({ err }, 'webhooks could not be sent'),
  })
  const schedule = auditor.startSchedule()
  alarms.deadlines = deadlines
  alarms.webhooks = webhooks
  return disposeInOrder(
    () => schedule[Symbol.asyncDispose](),
    () => auditor[Symbol.asyncDispose](),
    () => deadlines[Symbol.asyncDispose](),
    () => webhooks[Symbol.asyncDispose](),
    runner.idle,
    () => feed[Symbol.asyncDispose](),
    () => peers[Symbol.asyncDispose](),
  )
}

function intake(contract: MessageContract, subscription: string, runner: SagaRunner): MessageIntake {
  return {
    contract,
    subscription,
    take: (messages) =>
      Promise.all(
        messages.map(({ transaction_id, type, body }) => runner.apply(transaction_id, { kind: 'reply', type, body })),
      ),
  }
}

function disposeInOrder(...steps: readonly (() => PromiseLike<void>)[]): AsyncDisposable {
  return {
    async [Symbol.asyncDispose]() {
      for (const step of steps) await step()
    },
  }
}
