output "dashboard" {
  description = "Id of the dashboard."
  value       = google_monitoring_dashboard.this.id
}

output "alerts" {
  description = "Names of all alert policies; each has its section in the runbook."
  value       = concat(keys(google_monitoring_alert_policy.promise), keys(google_monitoring_alert_policy.measured), [google_monitoring_alert_policy.public_door.display_name])
}
