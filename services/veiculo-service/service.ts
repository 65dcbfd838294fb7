/** The face of veiculo-service. */
import { handOver, type ServiceDefinition } from '#host'
import { toCents } from '#platform/money'
import { openPeers } from '#platform/peers'
import { checkBuyerBy } from './handover/buyers.ts'
import { hasAllComeBy } from './handover/clearance.ts'
import { sealedHandovers } from './handover/handover-store.ts'
import { startTellingWaiting } from './handover/waiting.ts'
import { routes } from './http.ts'
import { photoStorage } from './photos/open-storage.ts'
import { photoMaker } from './photos/photo-maker.ts'
import { sweepPhotos } from './photos/sweep.ts'
import { vehicleCommands } from './reservations/commands.ts'
import { forgetGuessers } from './reservations/guesser-store.ts'
import { issuedCodes } from './reservations/issued-codes.ts'
import { sealPlainCodes } from './reservations/plain-codes-store.ts'
import { proofs } from './reservations/proofs.ts'
import { reservationGauges } from './reservations/reservation-gauges.ts'
import { saleByHandKind } from './reservations/sale-by-hand.ts'
import { returnCommands } from './returns/commands.ts'
import { erasureEvents } from './rights/erasure.ts'
import { forgetReceivers } from './rights/retention-store.ts'
import { vehicleLists } from './vehicles/lists.ts'
import { sealPlainPapers } from './vehicles/plain-papers-store.ts'
import { droppedBeforeSale, priceKind } from './vehicles/repricing.ts'
import { fillTerms } from './vehicles/terms-store.ts'
import { sealedTables } from './vehicles/vehicle-store.ts'
import { abatementKind } from './warranty/claims.ts'

const DAY_MS = 86_400_000

export const veiculoService: ServiceDefinition = {
  name: 'veiculo-service',
  description: 'Vehicles: what is on sale, who has it reserved, and to whom it was sold.',
  migrations: new URL('./migrations/', import.meta.url),
  sealed: [...sealedTables, sealedHandovers],
  sealPlain: async (database, vault) =>
    (await sealPlainPapers(database, vault)) + (await sealPlainCodes(database, vault)) + (await fillTerms(database)),
  wire({ config, database, vault, unitOfWork, clock, ids, log, turns, approvals, addressOf, serviceToken }) {
    const codes = issuedCodes(vault)
    const discountLimit = config.APPROVAL_DISCOUNT
    const abatementLimit = toCents(config.APPROVAL_ADJUSTMENT)
    const photos = { maker: photoMaker(), storage: photoStorage(config) }
    const peers = openPeers(addressOf, serviceToken, { connections: 8 })
    const checkBuyer = checkBuyerBy(peers.ask)
    const hasAllCome = hasAllComeBy(peers.ask)
    const isPaid = proofs({ database, clock, addressOf })
    const parts = {
      database,
      vault,
      lists: vehicleLists({ database, vault, isAlone: config.BUS === 'embedded' }),
      unitOfWork,
      clock,
      ids,
      codes,
      turns,
      approvals,
      discountLimit,
      abatementLimit,
      shopCnpj: config.SHOP_CNPJ,
      photos,
      checkBuyer,
      hasAllCome,
      isPaid,
    }
    return {
      routes: routes(parts),
      suspicions: droppedBeforeSale(database),
      approvalKinds: [priceKind(parts), saleByHandKind({ ...parts, issueCode: codes.issue }), abatementKind(parts)],
      handlers: [
        ...vehicleCommands(clock),
        ...returnCommands(clock, ids),
        ...erasureEvents(clock),
        handOver('veiculo-service-work-handed-over-sub'),
      ],
      chores: [
        { what: 'who took vehicles', keepForMs: config.RETENTION_PICKUP_DAYS * DAY_MS, remove: forgetReceivers },
        { what: 'guesses of pickup codes', keepForMs: DAY_MS, remove: forgetGuessers },
        { what: 'photos of no vehicle', keepForMs: DAY_MS, remove: sweepPhotos(photos.storage) },
      ],
      gauges: reservationGauges(database, clock),
      start() {
        const onError = (err: unknown) => log.error({ err }, 'could not look for vehicles that nobody has fetched')
        return allAtEnd(startTellingWaiting({ unitOfWork, clock, ids }, onError), photos.maker, peers)
      },
    }
  },
}

const allAtEnd = (...things: readonly AsyncDisposable[]): AsyncDisposable => ({
  async [Symbol.asyncDispose]() {
    for (const thing of things) await thing[Symbol.asyncDispose]()
  },
})
