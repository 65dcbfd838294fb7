/** cliente-service: customers, their balances and their credit. */
import type { ServiceContext, ServiceDefinition } from '#host'
import { toCents } from '#platform/money'
import { catalogueEvents } from './catalogue/events.ts'
import { removeNotes, sealedNotes } from './coaf/coaf-store.ts'
import { adjustmentKind, movedMuch } from './credit/adjustments.ts'
import { creditCommands } from './credit/commands.ts'
import { moneyKinds } from './customers/amendment.ts'
import { fillBeginnings } from './customers/beginnings-store.ts'
import { sealedTables } from './customers/customer-store.ts'
import { takeOver } from './customers/hand-over.ts'
import { removeOldCustomerNotices, sealedCustomerNotices } from './customers/notice-store.ts'
import { sealPlainPeople } from './customers/plain-people-store.ts'
import { readingGauges } from './customers/readings.ts'
import { forgetReadings } from './customers/readings-store.ts'
import { routes } from './http.ts'
import { sealedArchive } from './rights/archive-store.ts'
import { sealedBlocks } from './rights/blocked-documents-store.ts'
import { type ErasureParts, erasureAnswers, erasureKind, startSettling } from './rights/erasure.ts'
import { eraseListed, erasureListOf, listErased } from './rights/erasure-list.ts'
import { sealedFormerNames } from './rights/former-names-store.ts'
import { inventory } from './rights/inventory.ts'
import { peers } from './rights/peers.ts'
import { periodsOf, retentionChores } from './rights/retention.ts'

export const clienteService: ServiceDefinition = {
  name: 'cliente-service',
  description: 'Customers: who they are, what they own, and the credit that purchases hold.',
  migrations: new URL('./migrations/', import.meta.url),
  sealed: [...sealedTables, sealedCustomerNotices, sealedArchive, sealedBlocks, sealedNotes, sealedFormerNames],
  sealPlain: async (database, vault) =>
    (await sealPlainPeople(database, vault)) + (await fillBeginnings(database, vault)),
  wire,
}

const DAY_MS = 86_400_000
/** A year. */
const READINGS_KEPT_MS = 365 * DAY_MS
const NOTICES_KEPT_MS = 7 * DAY_MS

function wire(context: ServiceContext) {
  const { config, database, unitOfWork, vault, clock, ids, log, addressOf, serviceToken, approvals } = context
  const limits = {
    adjustmentLimit: toCents(config.APPROVAL_ADJUSTMENT),
    creditLimit: toCents(config.APPROVAL_CREDIT),
    creditDays: config.CREDIT_DUE_DAYS,
  }
  const consentText = config.CONSENT_TEXT_VERSION
  const consentTextsBefore = config.CONSENT_TEXTS_BEFORE.split(',')
  const others = peers(addressOf, serviceToken)
  const { elsewhere } = others
  const erasures: ErasureParts = { unitOfWork, vault, clock, ids, periods: periodsOf(config), database, elsewhere }
  return {
    routes: routes({
      ...erasures,
      customersPerHour: config.CUSTOMERS_READ_PER_HOUR,
      ...limits,
      database,
      approvals,
      consentText,
      consentTextsBefore,
      peers: others,
      sellsTo: others.sellsTo,
      categories: inventory(config),
    }),
    suspicions: movedMuch(database, limits.adjustmentLimit),
    approvalKinds: [
      adjustmentKind({ vault, clock, ids, approvals, ...limits }),
      ...moneyKinds({ vault, clock }, consentText),
      erasureKind(erasures, others),
    ],
    handlers: [...creditCommands(clock), ...catalogueEvents, ...erasureAnswers(clock), takeOver],
    chores: [
      ...retentionChores(erasures, config.RETENTION_INACTIVE_DAYS),
      { what: 'notices that were told', keepForMs: NOTICES_KEPT_MS, remove: removeOldCustomerNotices },
      { what: 'notes and reports of suspicion', keepForMs: config.RETENTION_COAF_DAYS * DAY_MS, remove: removeNotes },
      { what: 'how many customers were read by whom', keepForMs: READINGS_KEPT_MS, remove: forgetReadings },
    ],
    gauges: readingGauges(database, clock),
    start() {
      const list = erasureListOf(config, vault)
      let isToCompare = true
      const warn = (people: number) =>
        log.warn({ people, place: list.place }, 'the list of erasures had lost people, who are put on it again')
      const keepList = async () => {
        if (isToCompare) isToCompare = (await eraseListed(erasures, list, warn)) > 0
        await listErased(erasures, list)
      }
      const settling = startSettling(erasures, keepList, (err) =>
        log.error({ err }, 'waiting erasures could not go on'),
      )
      return {
        async [Symbol.asyncDispose]() {
          await settling[Symbol.asyncDispose]()
          await others[Symbol.asyncDispose]()
        },
      }
    },
  }
}
