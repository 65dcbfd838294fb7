/** Gives the words beside brand and model to vehicles from before migration 0025, which introduced them. */
import type { Database, Tx } from '#platform/database/database'

const BATCH = 500

/** Returns how many. After an interruption it goes on where it stopped; two runs at once skip each other's rows. */
export async function fillTerms(database: Database): Promise<number> {
  for (let count = 0; ; ) {
    const filled = await database.transaction(fillBatch)
    if (filled === 0) return count
    count += filled
  }
}

async function fillBatch(tx: Tx): Promise<number> {
  // the trigger fills them; every vehicle has a colour and a year, so that none stays without
  const rows = await tx.query<{ id: number }>(
    `with late as (select id from vehicles where terms = '{}' order by id limit ${BATCH} for update skip locked),
     filled as (update vehicles set color = color from late where vehicles.id = late.id
       returning vehicles.id, vehicles.terms, vehicles.mileage_km),
     offered as (update vehicle_offers set terms = filled.terms, mileage_km = filled.mileage_km
       from filled where vehicle_offers.id = filled.id),
     learnt as (insert into vehicle_words (word) select unnest(terms) from filled order by 1 on conflict (word) do nothing)
     select id from filled`,
  )
  return rows.length
}
