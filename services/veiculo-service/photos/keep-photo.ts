/**
 * Takes a photo from its bytes to the vehicle: its files are made and stored first, and only then does the vehicle name
 * them. An interruption leaves files that no vehicle names.
 */
import { createHash } from 'node:crypto'
import { type Author, authorName, writeJournal } from '#host'
import type { UnitOfWork } from '#messaging'
import type { Clock } from '#platform/clock'
import type { Database, Tx } from '#platform/database/database'
import { Problem } from '#platform/problem'
import type { Vault } from '#platform/vault/vault'
import { type Cover, fileName, PHOTOS_PER_VEHICLE, type PhotoFile } from '../domain/photo.ts'
import { isInHouse } from '../domain/vehicle.ts'
import { lockVehicles } from '../vehicles/vehicle-store.ts'
import type { Made } from './make-photo.ts'
import type { PhotoMaker } from './photo-maker.ts'
import { findPhotos, insertPhoto, touchVehicle } from './photo-store.ts'
import type { PhotoStorage } from './storage.ts'

export interface PhotoParts {
  readonly database: Database
  readonly unitOfWork: UnitOfWork
  readonly vault: Vault
  readonly clock: Clock
  readonly photos: { readonly maker: PhotoMaker; readonly storage: PhotoStorage }
}

const HASH_LENGTH = 32

export async function keepPhoto(
  parts: PhotoParts,
  vehicle_id: number,
  upload: { readonly bytes: Uint8Array; readonly covers: readonly Cover[] },
  by: Author,
): Promise<PhotoFile> {
  const { unitOfWork, photos } = parts
  await unitOfWork((tx) => expectRoom(tx, vehicle_id)) // before the work, and again after it
  const made = await photos.maker.make(upload)
  const hash = hashOf(made)
  for (const { width, format, bytes } of made.files)
    await photos.storage.put(fileName(hash, width, format), bytes, `image/${format}`)
  return unitOfWork(async (tx) => {
    const has = await expectRoom(tx, vehicle_id, hash)
    const now = parts.clock.now()
    const { width, height, placeholder } = made
    const photo = await insertPhoto(tx, vehicle_id, { hash, width, height, placeholder }, authorName(by), now)
    if (has) return photo
    await touchVehicle(tx, vehicle_id, now)
    await note(tx, parts, vehicle_id, 'photo_added', by, photo)
    return photo
  })
}

/** Whether the vehicle has this photo already. Throws when there is no such vehicle, it has left, or has as many as it may. */
async function expectRoom(tx: Tx, vehicle_id: number, hash?: string): Promise<boolean> {
  await expectEditable(tx, vehicle_id)
  const photos = await findPhotos(tx, vehicle_id)
  const has = photos.some((photo) => photo.hash === hash)
  if (!has && photos.length >= PHOTOS_PER_VEHICLE) throw new Problem('too_many_photos')
  return has
}

/** Locks it. */
export async function expectEditable(tx: Tx, vehicle_id: number): Promise<void> {
  const [vehicle] = await lockVehicles(tx, [vehicle_id])
  if (!vehicle) throw new Problem('vehicle_not_found')
  if (!isInHouse(vehicle)) throw new Problem('vehicle_not_editable')
}

export const note = (
  tx: Tx,
  { vault, clock }: Pick<PhotoParts, 'vault' | 'clock'>,
  vehicle_id: number,
  act: 'photo_added' | 'photo_removed' | 'photos_ordered',
  by: Author,
  photo?: PhotoFile,
) =>
  writeJournal(tx, vault, [
    {
      ...{ by, at: clock.now(), act, about: 'vehicle', about_id: vehicle_id },
      ...(photo && { after: { photo_id: photo.id, hash: photo.hash } }),
    },
  ])

/** The hash of the stored files: the same photo with another cover is another photo. */
function hashOf({ files }: Made): string {
  const hash = createHash('sha256')
  for (const { bytes } of files) hash.update(bytes)
  return hash.digest('hex').slice(0, HASH_LENGTH)
}
