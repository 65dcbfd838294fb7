# What runs once for each deployment: the grants, by the database's administrator, and each service's migrations, by the
# service's own account, so that its tables belong to it. And what runs when somebody asks for it.

locals {
  owners = { for name, user in var.database_users : name => { user = user, database = var.services[name].database } }

  # Each service may use its own database and not so much as connect to another's.
  grants = flatten([
    for owner in values(local.owners) : [
      "\\connect ${owner.database}",
      "revoke connect on database ${owner.database} from public",
      "grant connect, create, temporary on database ${owner.database} to \"${owner.user}\"",
      "grant usage, create on schema public to \"${owner.user}\"",
      # Cloud SQL lets its administrator alone make extensions: migrations find them there
      "create extension if not exists unaccent",
      "create extension if not exists pg_trgm",
      "create extension if not exists fuzzystrmatch",
    ]
  ])
}

resource "google_cloud_run_v2_job" "database_grants" {
  name                = "database-grants"
  location            = var.region
  deletion_protection = false

  template {
    template {
      service_account = var.database_admin
      timeout         = "300s"
      max_retries     = 1

      vpc_access {
        egress = "ALL_TRAFFIC"

        network_interfaces {
          network    = var.network
          subnetwork = var.subnetwork
        }
      }

      containers {
        image   = var.psql_image
        command = ["psql"]
        args    = concat(["--no-psqlrc", "--set=ON_ERROR_STOP=1"], [for statement in local.grants : "--command=${statement}"])

        env {
          name  = "PGHOST"
          value = var.database_address
        }
        env {
          name  = "PGDATABASE"
          value = "postgres"
        }
        env {
          name  = "PGSSLMODE"
          value = "require"
        }
        env {
          name  = "PGUSER"
          value = var.database_admin_user
        }
        env {
          name = "PGPASSWORD"

          value_source {
            secret_key_ref {
              secret  = var.database_admin_secret
              version = "latest"
            }
          }
        }
      }
    }
  }

  lifecycle {
    ignore_changes = [client, client_version]
  }
}

resource "google_cloud_run_v2_job" "migrate" {
  for_each = local.owners

  name                = "migrate-${each.key}"
  location            = var.region
  deletion_protection = false

  template {
    template {
      service_account = var.accounts[each.key]
      timeout         = "3600s"
      max_retries     = 0

      vpc_access {
        egress = "ALL_TRAFFIC"

        network_interfaces {
          network    = var.network
          subnetwork = var.subnetwork
        }
      }

      containers {
        name       = "migrate"
        image      = coalesce(var.image, local.placeholder)
        command    = ["node"]
        args       = ["infrastructure/migrate.ts", each.key]
        depends_on = ["cloud-sql-proxy"]

        env {
          name  = "DATABASE_URL"
          value = local.database_url[each.key]
        }
        # asked to stop when the migrations are done: a job ends when all of its containers have
        env {
          name  = "DATABASE_PROXY_QUIT_URL"
          value = "http://127.0.0.1:9091/quitquitquit"
        }
      }

      containers {
        name  = "cloud-sql-proxy"
        image = var.proxy_image
        args  = ["--private-ip", "--auto-iam-authn", "--port=5432", "--health-check", "--http-address=0.0.0.0", "--http-port=9090", "--quitquitquit", "--exit-zero-on-sigterm", var.database_connection_name]

        startup_probe {
          period_seconds    = 1
          timeout_seconds   = 1
          failure_threshold = 60

          http_get {
            path = "/startup"
            port = 9090
          }
        }
      }
    }
  }

  lifecycle {
    ignore_changes = [template[0].template[0].containers[0].image, client, client_version]
  }
}

# A new data key, when somebody asks for one: docs/data-at-rest.md. It may be broken off and run again.
resource "google_cloud_run_v2_job" "rotate_keys" {
  for_each = local.owners

  name                = "rotate-keys-${each.key}"
  location            = var.region
  deletion_protection = false

  template {
    template {
      service_account = var.accounts[each.key]
      timeout         = "3600s"
      max_retries     = 0

      vpc_access {
        egress = "ALL_TRAFFIC"

        network_interfaces {
          network    = var.network
          subnetwork = var.subnetwork
        }
      }

      containers {
        name       = "rotate-keys"
        image      = coalesce(var.image, local.placeholder)
        command    = ["node"]
        args       = ["app/ops/rotate-keys.ts", each.key]
        depends_on = ["cloud-sql-proxy"]

        env {
          name  = "DATABASE_URL"
          value = local.database_url[each.key]
        }
        env {
          name  = "KMS_KEY"
          value = var.encryption_keys[each.key]
        }
        # asked to stop when the keys are rotated, as above
        env {
          name  = "DATABASE_PROXY_QUIT_URL"
          value = "http://127.0.0.1:9091/quitquitquit"
        }
      }

      containers {
        name  = "cloud-sql-proxy"
        image = var.proxy_image
        args  = ["--private-ip", "--auto-iam-authn", "--port=5432", "--health-check", "--http-address=0.0.0.0", "--http-port=9090", "--quitquitquit", "--exit-zero-on-sigterm", var.database_connection_name]

        startup_probe {
          period_seconds    = 1
          timeout_seconds   = 1
          failure_threshold = 60

          http_get {
            path = "/startup"
            port = 9090
          }
        }
      }
    }
  }

  lifecycle {
    ignore_changes = [template[0].template[0].containers[0].image, client, client_version]
  }
}
