output "given" {
  description = "For each service, the secret behind each of its environment variables."
  value = {
    for service in keys(var.accounts) : service => {
      for name, secret in local.with_value :
      secret.environment => {
        secret  = google_secret_manager_secret.this[name].secret_id
        version = google_secret_manager_secret_version.this[name].version
        as_file = secret.as_file
      }
      if contains(secret.services, service)
    }
  }
  # A revision that can't read its secrets does not start.
  depends_on = [google_secret_manager_secret_iam_member.reader]
}

output "database_admin_secret" {
  description = "The same name, once it may be read."
  value       = var.database_admin_secret
  depends_on  = [google_secret_manager_secret_iam_member.database_admin]
}
