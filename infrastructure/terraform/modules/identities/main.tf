# One account for each service, so that each can be given what it needs and nothing else.
# They stand apart from the services because the database, the secrets and the topics name them too.

resource "google_service_account" "service" {
  for_each = var.accounts

  account_id   = "mercado-${each.value}"
  display_name = "Mercado Veículo: ${each.key}"
}

resource "google_service_account" "database_admin" {
  account_id   = "mercado-database-admin"
  display_name = "Mercado Veículo: hands each service its database"
}

# Logs, traces and metrics have no smaller scope than the project.
resource "google_project_iam_member" "telemetry" {
  for_each = {
    for pair in setproduct(keys(var.accounts), ["roles/monitoring.metricWriter", "roles/cloudtrace.agent", "roles/logging.logWriter"]) :
    "${pair[0]} ${pair[1]}" => { account = pair[0], role = pair[1] }
  }

  project = var.project_id
  role    = each.value.role
  member  = google_service_account.service[each.value.account].member
}
