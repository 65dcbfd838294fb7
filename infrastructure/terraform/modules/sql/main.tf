# Cloud SQL for PostgreSQL: one instance, a database for each service, and each service's own identity as its user.
# Services log in by IAM (by Google's connector inside them), so they hold no password at all.

resource "google_sql_database_instance" "this" {
  name                = var.name
  region              = var.region
  database_version    = var.database_version
  deletion_protection = var.deletion_protection

  settings {
    tier                        = var.tier
    edition                     = "ENTERPRISE"
    availability_type           = var.high_availability ? "REGIONAL" : "ZONAL"
    disk_type                   = "PD_SSD"
    disk_size                   = 20
    disk_autoresize             = true
    deletion_protection_enabled = var.deletion_protection
    connector_enforcement       = "NOT_REQUIRED"

    ip_configuration {
      ipv4_enabled    = false
      private_network = var.network
      ssl_mode        = "ENCRYPTED_ONLY"
    }

    backup_configuration {
      enabled                        = true
      point_in_time_recovery_enabled = true
      start_time                     = "06:00" # UTC: the night in Brazil
      location                       = var.region
      transaction_log_retention_days = 7

      backup_retention_settings {
        retained_backups = var.backups_kept
        retention_unit   = "COUNT"
      }
    }

    maintenance_window {
      day          = 7
      hour         = 7 # UTC
      update_track = "stable"
    }

    insights_config {
      query_insights_enabled  = true
      query_string_length     = 1024
      record_application_tags = false
      record_client_address   = false
    }

    database_flags {
      name  = "cloudsql.iam_authentication"
      value = "on"
    }
    database_flags {
      name  = "max_connections"
      value = tostring(var.max_connections)
    }
    # a transaction that someone forgot holds back vacuum and the outbox's sweep
    database_flags {
      name  = "idle_in_transaction_session_timeout"
      value = "60000"
    }
    database_flags {
      name  = "log_min_duration_statement"
      value = "1000"
    }
  }
}

resource "google_sql_database" "service" {
  for_each = var.databases

  name     = each.value
  instance = google_sql_database_instance.this.name
  # The instance takes them along; dropping one by itself fails while a service is connected.
  deletion_policy = "ABANDON"
}

# An IAM user begins with no right but to log in; the job `database-grants` opens it its own database.
resource "google_sql_user" "service" {
  for_each = var.databases

  name            = trimsuffix(var.accounts[each.key], ".gserviceaccount.com")
  instance        = google_sql_database_instance.this.name
  type            = "CLOUD_IAM_SERVICE_ACCOUNT"
  deletion_policy = "ABANDON"
}

# Owns the tables of every service: what runs as it are the jobs `migrate-…`, and nothing that listens.
resource "google_sql_user" "migrations" {
  name            = trimsuffix(var.migrations_account, ".gserviceaccount.com")
  instance        = google_sql_database_instance.this.name
  type            = "CLOUD_IAM_SERVICE_ACCOUNT"
  deletion_policy = "ABANDON"
}

# Used by the job `database-grants` and by a person in an emergency, by nothing else.
resource "google_sql_user" "admin" {
  name                = "mercado-admin"
  instance            = google_sql_database_instance.this.name
  password_wo         = var.admin_password
  password_wo_version = var.admin_password_version
  deletion_policy     = "ABANDON"
}

resource "google_project_iam_member" "login" {
  for_each = {
    for pair in setproduct(concat(keys(var.databases), ["migrations"]), ["roles/cloudsql.client", "roles/cloudsql.instanceUser"]) :
    "${pair[0]} ${pair[1]}" => { account = pair[0] == "migrations" ? var.migrations_account : var.accounts[pair[0]], role = pair[1] }
  }

  project = var.project_id
  role    = each.value.role
  member  = "serviceAccount:${each.value.account}"

  condition {
    title      = "only this instance"
    expression = "resource.name == 'projects/${var.project_id}/instances/${google_sql_database_instance.this.name}' && resource.service == 'sqladmin.googleapis.com'"
  }
}
