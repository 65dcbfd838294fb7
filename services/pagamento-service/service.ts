/** pagamento-service: payment codes and their payments, the clock by which codes expire, and requests to the provider. */
import type { Message, PaymentType } from '#contracts'
import { type ApprovalKind, handOver, type ServiceContext, type ServiceDefinition } from '#host'
import type { MessageHandler, MessageIntake } from '#messaging'
import { type Alarm, startAlarm } from '#platform/alarm'
import type { HttpApp } from '#platform/http/server'
import { toCents } from '#platform/money'
import { openPeers } from '#platform/peers'
import { proverOf } from '#platform/tokens/payment-proof'
import { paymentCommands } from './charges/commands.ts'
import { expireCodes } from './charges/expiry.ts'
import { newCode } from './charges/new-code.ts'
import { provenHandler, provenKind, provenWork } from './charges/proven.ts'
import { tillClosingKind } from './closings/closing-day.ts'
import { moneyByHand } from './closings/money-by-hand.ts'
import { type ErrandParts, startErrands } from './errands/errands.ts'
import { proofKeyRoute } from './http/proof-key.ts'
import { webhookSecrets } from './http/webhook-signature.ts'
import { routes } from './http.ts'
import { type LineParts, lineKind } from './owed/lines.ts'
import { owedSettlementKind } from './owed/settling.ts'
import { debtKind } from './parts/debts.ts'
import { sealedParts } from './parts/part-store.ts'
import { type PartParts, partKind } from './parts/parts.ts'
import { isBuyersBy } from './parts/payers.ts'
import { openProvider, providerNameOf } from './provider/open-provider.ts'
import { remoteLook } from './receipts/remote-look.ts'
import { lookAtUnheard } from './receipts/unheard.ts'
import { erasureEvents } from './rights/erasure.ts'
import { personalDataRoutes } from './rights/personal-data-http.ts'

export const pagamentoService: ServiceDefinition = {
  name: 'pagamento-service',
  description: 'Payment codes and payments.',
  migrations: new URL('./migrations/', import.meta.url),
  sealed: [sealedParts],
  wire,
}

function wire(context: ServiceContext) {
  const { config, database, vault, unitOfWork: work, clock, ids, log, approvals, addressOf, serviceToken } = context
  const prover = proverOf(vault.fingerprint('payment proofs', 'the secret of the key that signs them'))
  const unitOfWork = provenWork(work, prover)
  const opened = openProvider(config)
  const { provider, charges, giveBack } = opened
  const timeToLiveMs = config.PAYMENT_CODE_TTL_SECONDS * 1_000
  let alarm: Alarm | undefined
  let errands: Alarm | undefined
  const onExpiry = (at: Date) => alarm?.expect(at)
  const onErrand = () => errands?.expect(new Date())
  const counterTimeToLiveMs = config.COUNTER_TTL_HOURS * 3_600_000
  const commandParts = { clock, provider, newCode, timeToLiveMs, counterTimeToLiveMs, onExpiry }
  const commands = paymentCommands(commandParts).map(provenHandler(prover))
  const peers = openPeers(addressOf, serviceToken, { connections: 8 })
  const limits = {
    paymentLimit: toCents(config.APPROVAL_PAYMENT),
    adjustmentLimit: toCents(config.APPROVAL_ADJUSTMENT),
  }
  const partParts = { vault, clock, ids, approvals, ...limits }

  /** Commands may leave errands behind, which can run once the commands have committed. */
  const thenErrands = ({ handle, ...same }: MessageHandler): MessageIntake => ({
    ...same,
    async take(messages) {
      await work((tx, send) => handle(tx, messages, send))
      if (messages.some(leavesErrand)) onErrand()
    },
  })
  /** A charge that lies with a provider over the network, or parts that go back. */
  const leavesErrand = ({ body }: Message) =>
    isAbout(body, 'counter') || (charges !== undefined && isAbout(body, 'pix'))
  const errandParts: ErrandParts = {
    database,
    unitOfWork,
    clock,
    charges,
    giveBack,
    onError: (err) => log.error({ err }, 'the provider could not be asked'),
  }

  return {
    routes(app: HttpApp) {
      routes({
        database,
        unitOfWork,
        provider,
        secrets: webhookSecrets(config),
        look: charges && remoteLook(database, charges),
        onErrand,
        ...partParts,
        isBuyers: isBuyersBy(peers.ask),
      })(app)
      proofKeyRoute(prover)(app)
      personalDataRoutes({ database, providerName: providerNameOf(config) })(app)
    },
    approvalKinds: [provenKind(prover)(partKind(partParts)), ...kindsByHand(partParts)],
    handlers: [
      ...commands.map(thenErrands),
      ...erasureEvents,
      moneyByHand(clock),
      handOver('pagamento-service-work-handed-over-sub'),
    ],
    start() {
      const running = new AsyncDisposableStack()
      running.use(peers)
      errands = running.use(startErrands(errandParts))
      if (charges)
        running.use(startAlarm(() => lookAtUnheard({ ...errandParts, charges, onErrand }), errandParts.onError))
      running.use(opened) // disposed of before the errands, so that those under way end at once and run again after the next start
      alarm = running.use(
        startAlarm(
          () => expireCodes(database, unitOfWork, clock, onErrand),
          (err) => log.error({ err }, 'codes could not be expired'),
        ),
      )
      return running
    },
  }
}

/** Money that people move by hand. */
const kindsByHand = (parts: PartParts & LineParts): ApprovalKind[] => [
  lineKind(parts),
  owedSettlementKind(parts),
  debtKind(parts),
  tillClosingKind(parts),
]

const isAbout = (body: unknown, payment_type: PaymentType) =>
  typeof body === 'object' && body !== null && 'payment_type' in body && body.payment_type === payment_type
