/** Removes files that no vehicle names: of photos that were deleted, and of uploads that were cut off. */
import type { Queryable } from '#platform/database/database'
import { hashIn } from '../domain/photo.ts'
import { namedHashes } from './photo-store.ts'
import type { PhotoStorage } from './storage.ts'

/** Removes up to `limit` files written before then; returns how many. */
export const sweepPhotos =
  (storage: PhotoStorage) =>
  async (database: Queryable, before: Date, limit: number): Promise<number> => {
    let swept = 0
    let batch: string[] = []
    const sweep = async () => {
      const named = await namedHashes(database, [...new Set(batch.map(hashIn))])
      const orphans = batch.filter((name) => !named.has(hashIn(name))).slice(0, limit - swept)
      for (const name of orphans) await storage.remove(name)
      swept += orphans.length
      batch = []
    }
    for await (const name of storage.list(before)) {
      batch.push(name)
      if (batch.length === limit) await sweep()
      if (swept === limit) return swept
    }
    await sweep()
    return swept
  }
