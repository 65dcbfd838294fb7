/** The key-encryption key that the configuration names. */
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { cloudKms } from './cloud-kms.ts'
import { keyFile } from './key-file.ts'
import type { KeyWrapper } from './key-wrapper.ts'

/** Cloud KMS if KMS_KEY names a key there; else KEK_FILE, which must exist; else a file in DATA_DIR, made on the first start. */
export function openKeyWrapper({ KMS_KEY, KMS_URL, GCE_METADATA_HOST, KEK_FILE, DATA_DIR }: Config): KeyWrapper {
  if (KMS_KEY) return cloudKms({ key: KMS_KEY, url: KMS_URL, metadata: GCE_METADATA_HOST })
  return KEK_FILE ? keyFile(KEK_FILE) : keyFile(join(DATA_DIR, 'key-encryption-key.json'), { makes: true })
}
