# Secret Manager. Values are write-only: Terraform hands them on and forgets them, so neither plan nor state has them.

resource "google_secret_manager_secret" "this" {
  for_each = var.secrets

  secret_id = "mercado-${each.key}"

  replication {
    user_managed {
      replicas {
        location = var.location
      }
    }
  }
}

locals {
  with_value = { for name, secret in var.secrets : name => secret if secret.version > 0 }

  readers = merge([
    for name, secret in local.with_value : { for service in secret.services : "${name} ${service}" => { secret = name, service = service } }
  ]...)
}

resource "google_secret_manager_secret_version" "this" {
  for_each = local.with_value

  secret                 = google_secret_manager_secret.this[each.key].id
  secret_data_wo         = lookup(var.values, each.key, null)
  secret_data_wo_version = each.value.version
  # The version before serves the revisions that still run; it is for an operator to destroy.
  deletion_policy = "ABANDON"
}

resource "google_secret_manager_secret_iam_member" "reader" {
  for_each = local.readers

  secret_id = google_secret_manager_secret.this[each.value.secret].id
  role      = "roles/secretmanager.secretAccessor"
  member    = "serviceAccount:${var.accounts[each.value.service]}"
}

resource "google_secret_manager_secret_iam_member" "database_admin" {
  secret_id = var.database_admin_secret
  role      = "roles/secretmanager.secretAccessor"
  member    = "serviceAccount:${var.database_admin}"
}
