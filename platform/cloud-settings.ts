/** What Google Cloud is asked for, and where. Part of the configuration. */
import { Type } from 'typebox'

/** Plain HTTP is accepted for this machine only. */
export const HTTPS_OR_HERE = '^(https://|http://(localhost|127\\.0\\.0\\.1)(:|/))[^\\s]+$'

export const cloudSettings = {
  SERVICE_ACCOUNTS: Type.Optional(
    Type.String({
      pattern: '^[^@,\\s]+@[^@,\\s]+(,[^@,\\s]+@[^@,\\s]+)*$',
      description: "Google accounts of the services, comma-separated: they prove themselves by Google's ID tokens",
    }),
  ),
  KMS_KEY: Type.Optional(
    Type.String({
      pattern: '^projects/[^/\\s]+/locations/[^/\\s]+/keyRings/[^/\\s]+/cryptoKeys/[^/\\s]+$',
      description: "The key of Google's Cloud KMS that wraps the data keys of personal fields",
    }),
  ),
  SQL_ADMIN_URL: Type.String({
    pattern: HTTPS_OR_HERE,
    default: 'https://sqladmin.googleapis.com/',
    description: 'Where Cloud SQL is asked how an instance is reached, for a DATABASE_URL that names one',
  }),
  KMS_URL: Type.String({
    pattern: HTTPS_OR_HERE,
    default: 'https://cloudkms.googleapis.com',
    description: 'Where Cloud KMS is asked',
  }),
  ANCHORS_BUCKET: Type.Optional(
    Type.String({
      pattern: '^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$',
      description:
        'A bucket of Cloud Storage with retention, for the heads of logs and the list of erasures; DATA_DIR/anchors unless set',
    }),
  ),
  STORAGE_URL: Type.String({
    pattern: HTTPS_OR_HERE,
    default: 'https://storage.googleapis.com',
    description: 'Where Cloud Storage is asked',
  }),
  GOOGLE_KEYS_URL: Type.String({
    pattern: HTTPS_OR_HERE,
    default: 'https://www.googleapis.com/oauth2/v3/certs',
    description: 'Where Google shows the keys of its ID tokens, by which services prove themselves: SERVICE_ACCOUNTS',
  }),
  GCE_METADATA_HOST: Type.String({
    pattern: '^[^/\\s]+$',
    default: 'metadata.google.internal',
    description:
      "The metadata server that tells this machine's tokens: for Cloud KMS, Cloud Storage and other services",
  }),
}
