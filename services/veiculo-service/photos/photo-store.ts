/** The SQL of photos: which a vehicle has, and in which order. Their files lie in the storage. */
import type { Queryable, Tx } from '#platform/database/database'
import type { PhotoFile } from '../domain/photo.ts'

/** In their order. */
export const findPhotos = (tx: Queryable, vehicle_id: number) =>
  tx.query<PhotoFile>(
    `select id, hash, width, height, placeholder from vehicle_photos where vehicle_id = $1 order by place, id`,
    [vehicle_id],
  )

/** Adds it behind the others. Call it with the vehicle locked. */
export async function insertPhoto(
  tx: Tx,
  vehicle_id: number,
  { hash, width, height, placeholder }: Omit<PhotoFile, 'id'>,
  author: string,
  at: Date,
): Promise<PhotoFile> {
  const [row] = await tx.query<PhotoFile>(
    `insert into vehicle_photos (vehicle_id, hash, width, height, placeholder, place, author, at)
     select $1, $2, $3, $4, $5, coalesce(max(place), 0) + 1, $6, $7 from vehicle_photos where vehicle_id = $1
     on conflict (vehicle_id, hash) do update set hash = excluded.hash
     returning id, hash, width, height, placeholder`,
    [vehicle_id, hash, width, height, placeholder, author, at],
  )
  if (!row) throw new Error('the insert returned no row')
  return row
}

export async function deletePhoto(tx: Tx, vehicle_id: number, id: number): Promise<PhotoFile | undefined> {
  const [gone] = await tx.query<PhotoFile>(
    `delete from vehicle_photos where vehicle_id = $1 and id = $2 returning id, hash, width, height, placeholder`,
    [vehicle_id, id],
  )
  return gone
}

/** The ids are all of the vehicle's, in their new order. */
export async function orderPhotos(tx: Tx, vehicle_id: number, ids: readonly number[]): Promise<void> {
  await tx.query(
    `update vehicle_photos set place = new.place from unnest($2::bigint[]) with ordinality as new(id, place)
     where vehicle_photos.vehicle_id = $1 and vehicle_photos.id = new.id`,
    [vehicle_id, ids],
  )
}

/** Changes the vehicle's version, so that whoever has read it sees that it has changed. */
export async function touchVehicle(tx: Tx, vehicle_id: number, at: Date): Promise<void> {
  await tx.query(`update vehicles set updated_at = $2 where id = $1`, [vehicle_id, at])
}

/** Those of the hashes that some vehicle has. */
export async function namedHashes(tx: Queryable, hashes: readonly string[]): Promise<Set<string>> {
  const rows = await tx.query<{ hash: string }>(
    `select distinct hash from vehicle_photos where hash = any($1::text[])`,
    [hashes],
  )
  return new Set(rows.map(({ hash }) => hash))
}
