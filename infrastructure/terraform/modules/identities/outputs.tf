output "emails" {
  description = "E-mail of each service's account, by service."
  value       = { for name, account in google_service_account.service : name => "${account.account_id}@${var.project_id}.iam.gserviceaccount.com" }
}

output "names" {
  description = "Full resource name of each service's account, by service."
  value       = { for name, account in google_service_account.service : name => account.name }
}

output "database_admin_email" {
  description = "E-mail of the account that the job `database-grants` runs as."
  value       = "${google_service_account.database_admin.account_id}@${var.project_id}.iam.gserviceaccount.com"
}

output "database_admin_name" {
  description = "Full resource name of the same account."
  value       = google_service_account.database_admin.name
}

output "migrations_email" {
  description = "E-mail of the account that the jobs `migrate-…` run as."
  value       = "${google_service_account.migrations.account_id}@${var.project_id}.iam.gserviceaccount.com"
}

output "migrations_name" {
  description = "Full resource name of the same account."
  value       = google_service_account.migrations.name
}
