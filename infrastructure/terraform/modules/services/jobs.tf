# What runs once for each deployment: the grants, by the database's administrator, and each service's migrations, by an account
# that owns the tables, so that no service owns what it works on. And what runs when somebody asks for it.

locals {
  owners = { for name, user in var.database_users : name => { user = user, database = var.services[name].database } }

  # A service may use its own database and not so much as connect to another's; which rows it may use, its migrations' job grants.
  grants = flatten([
    for owner in values(local.owners) : [
      "\\connect ${owner.database}",
      "revoke connect on database ${owner.database} from public",
      "grant connect, create, temporary on database ${owner.database} to \"${var.migrations_user}\"",
      "grant usage, create on schema public to \"${var.migrations_user}\"",
      "grant connect on database ${owner.database} to \"${owner.user}\"",
      # Cloud SQL lets its administrator alone make extensions: migrations find them there
      "create extension if not exists unaccent",
      "create extension if not exists pg_trgm",
      "create extension if not exists fuzzystrmatch",
    ]
  ])

  jobs = merge(
    {
      for name in keys(local.owners) : "migrate-${name}" => {
        account = var.migrations_account
        runs    = ["infrastructure/migrate.ts", name]
        environment = {
          MIGRATION_DATABASE_URL = local.migration_database_url[name]
          DATABASE_URL           = local.database_url[name]
        }
      }
    },
    # A new data key, when somebody asks for one: docs/data-at-rest.md. It may be broken off and run again.
    {
      for name in keys(local.owners) : "rotate-keys-${name}" => {
        account = var.accounts[name]
        runs    = ["app/ops/rotate-keys.ts", name]
        environment = {
          DATABASE_URL = local.database_url[name]
          KMS_KEY      = var.encryption_keys[name]
        }
      }
    },
    # `make first-admin`
    {
      staff = {
        account = var.accounts["identidade-service"]
        runs    = ["app/staff.ts", "--help"]
        environment = {
          DATABASE_URL  = local.database_url["identidade-service"]
          KMS_KEY       = var.encryption_keys["identidade-service"]
          PUBLIC_ORIGIN = local.public_origin
        }
      }
    },
  )
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

resource "google_cloud_run_v2_job" "this" {
  for_each = local.jobs

  name                = each.key
  location            = var.region
  deletion_protection = false

  template {
    template {
      service_account = each.value.account
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
        image   = coalesce(var.image, local.placeholder)
        command = ["node"]
        args    = each.value.runs

        dynamic "env" {
          for_each = each.value.environment

          content {
            name  = env.key
            value = env.value
          }
        }
      }
    }
  }

  lifecycle {
    ignore_changes = [template[0].template[0].containers[0].image, client, client_version]
  }
}
