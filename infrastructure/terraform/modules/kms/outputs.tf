output "keys" {
  description = "Id of each service's key, by service."
  value       = { for name, key in google_kms_crypto_key.service : name => key.id }
}
