output "connection_name" {
  description = "project:region:instance, as cloud-sql-proxy takes it."
  value       = google_sql_database_instance.this.connection_name
}

output "private_ip_address" {
  description = "Address in the network."
  value       = google_sql_database_instance.this.private_ip_address
}

output "users" {
  description = "Database user of each service, by service."
  value       = { for name, user in google_sql_user.service : name => user.name }
  # A proxy that may not log in yet ends, and its service with it.
  depends_on = [google_project_iam_member.login]
}

output "admin_user" {
  description = "The administrator's user."
  value       = google_sql_user.admin.name
}
