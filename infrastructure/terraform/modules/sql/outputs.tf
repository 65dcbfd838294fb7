output "connection_name" {
  description = "project:region:instance, as Google's connectors take it."
  value       = "${var.project_id}:${var.region}:${google_sql_database_instance.this.name}"
}

output "private_ip_address" {
  description = "Address in the network."
  value       = google_sql_database_instance.this.private_ip_address
}

output "users" {
  description = "Database user of each service, by service."
  value       = { for name, user in google_sql_user.service : name => user.name }
  # Who may not log in yet ends at its start.
  depends_on = [google_project_iam_member.login]
}

output "migrations_user" {
  description = "Database user of the account that owns the tables."
  value       = google_sql_user.migrations.name
  depends_on  = [google_project_iam_member.login]
}

output "admin_user" {
  description = "The administrator's user."
  value       = google_sql_user.admin.name
}
