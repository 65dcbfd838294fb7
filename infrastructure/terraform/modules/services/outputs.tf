output "names" {
  description = "Name of each Cloud Run service, by service."
  value       = { for name, service in google_cloud_run_v2_service.this : name => service.name }
}

output "urls" {
  description = "Address of each service."
  value       = local.urls
}

output "environment" {
  description = "Environment variables of each service, without secrets."
  value       = local.environment
}

output "grants" {
  description = "What the job `database-grants` runs, in order."
  value       = local.grants
}
