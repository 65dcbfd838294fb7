# One account for each service, so that each can be given what it needs and nothing else.
# They stand apart from the services because the database, the secrets and the topics name them too.

# An account is named after its service: by that name the others know who asks them (platform/tokens/issuers.ts).
resource "google_service_account" "service" {
  for_each = var.services

  account_id   = "mercado-${each.key}"
  display_name = "Mercado Veículo: ${each.key}"
}

resource "google_service_account" "database_admin" {
  account_id   = "mercado-database-admin"
  display_name = "Mercado Veículo: hands each service its database"
}

resource "google_service_account" "migrations" {
  account_id   = "mercado-migrations"
  display_name = "Mercado Veículo: owns the tables and migrates them"
}

# Logs, traces and metrics have no smaller scope than the project.
resource "google_project_iam_member" "telemetry" {
  for_each = {
    for pair in setproduct(var.services, ["roles/monitoring.metricWriter", "roles/cloudtrace.agent", "roles/logging.logWriter"]) :
    "${pair[0]} ${pair[1]}" => { account = pair[0], role = pair[1] }
  }

  project = var.project_id
  role    = each.value.role
  member  = google_service_account.service[each.value.account].member
}
