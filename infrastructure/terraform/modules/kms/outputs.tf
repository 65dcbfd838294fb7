output "keys" {
  description = "Id of each service's key, by service."
  value       = { for name, key in google_kms_crypto_key.service : name => key.id }
  # A service opens its data keys when it starts.
  depends_on = [google_kms_crypto_key_iam_member.service]
}
