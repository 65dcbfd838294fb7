/** The storage that the configuration names. */
import { join } from 'node:path'
import type { Config } from '#platform/config'
import { googleToken } from '#platform/google-token'
import { bucketStorage } from './bucket-storage.ts'
import { folderStorage } from './folder-storage.ts'
import type { PhotoStorage } from './storage.ts'

export function photoStorage({ DATA_DIR, PHOTO_BUCKET, STORAGE_URL, GCE_METADATA_HOST }: Config): PhotoStorage {
  if (PHOTO_BUCKET === undefined) return folderStorage(join(DATA_DIR, 'photos'))
  return bucketStorage({ bucket: PHOTO_BUCKET, url: STORAGE_URL, accessToken: () => googleToken(GCE_METADATA_HOST) })
}
