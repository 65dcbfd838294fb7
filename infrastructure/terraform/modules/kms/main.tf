# Keys that wrap the data keys of personal data: one for each service that keeps any, usable by that service alone.
# A key ring can't be deleted or renamed, and a destroyed key version takes its data with it: thirty days to regret it.

resource "google_kms_key_ring" "this" {
  name     = "mercado"
  location = var.location
}

resource "google_kms_crypto_key" "service" {
  for_each = var.users

  name                       = each.key
  key_ring                   = google_kms_key_ring.this.id
  purpose                    = "ENCRYPT_DECRYPT"
  rotation_period            = "7776000s" # 90 days; old versions still open what they have wrapped
  destroy_scheduled_duration = "2592000s"

  version_template {
    algorithm        = "GOOGLE_SYMMETRIC_ENCRYPTION"
    protection_level = "SOFTWARE"
  }
}

resource "google_kms_crypto_key_iam_member" "service" {
  for_each = var.users

  crypto_key_id = google_kms_crypto_key.service[each.key].id
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = "serviceAccount:${each.value}"
}
