/** Seals the papers of vehicles offered before migration 0004, which introduced sealing, and empties the plain columns. */
import type { Database, Tx } from '#platform/database/database'
import type { Vault } from '#platform/vault/vault'
import type { Papers } from '../domain/vehicle.ts'
import { fingerprintsOf } from './vehicle-store.ts'

type PlainVehicle = Papers & { readonly id: number; readonly received_by: string | null }

const BATCH = 500

/** Returns how many were sealed. After an interruption it goes on where it stopped; two runs at once wait for each other. */
export async function sealPlainPapers(database: Database, vault: Vault): Promise<number> {
  for (let count = 0; ; ) {
    const sealed = await database.transaction((tx) => sealBatch(tx, vault))
    if (sealed === 0) return count
    count += sealed
  }
}

async function sealBatch(tx: Tx, vault: Vault): Promise<number> {
  const sealer = await vault.sealing(tx)
  const plain = await tx.query<PlainVehicle>(
    `select id, license_plate, chassi_number, renavam, received_by from vehicles
     where license_plate is not null order by id limit ${BATCH} for update`,
  )
  if (plain.length === 0) return 0
  const sealed = plain.map(({ id, received_by, ...papers }) => [
    ...Object.values(sealer.sealAll('vehicle_papers', id, papers)),
    ...fingerprintsOf(vault, papers),
    sealer.sealAll('vehicles', id, { received_by }).received_by,
  ])
  await tx.query(
    `with sealed as (
       select * from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
         as one(id, license_plate, chassi_number, renavam, plate_fingerprint, chassi_fingerprint, renavam_fingerprint,
           received_by)
     ), papers as (
       insert into vehicle_papers (vehicle_id, license_plate, chassi_number, renavam, plate_fingerprint,
         chassi_fingerprint, renavam_fingerprint)
       select id, license_plate, chassi_number, renavam, plate_fingerprint, chassi_fingerprint, renavam_fingerprint
       from sealed
     )
     update vehicles set license_plate = null, chassi_number = null, renavam = null, received_by = sealed.received_by
     from sealed where vehicles.id = sealed.id`,
    [plain.map(({ id }) => id), ...Array.from({ length: 7 }, (_, index) => sealed.map((one) => one[index]))],
  )
  return plain.length
}
