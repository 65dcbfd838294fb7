# Cloud Run: the six services, the pages and the gateway, each as its own account, behind internal ingress but for the public door.
# The six pull from Pub/Sub, so they have their CPU always and never scale to nothing.

locals {
  placeholder = "us-docker.pkg.dev/cloudrun/container/hello"
  port        = 8080

  # Cloud Run's second address, known before the service exists, so that services can name each other without a circle.
  urls = { for name in keys(var.services) : name => "https://${name}-${var.project_number}.${var.region}.run.app" }

  public_origin = var.public_domain == null ? local.urls["gateway"] : "https://${var.public_domain}"

  # VEICULO_URL=https://veiculo-service-….run.app
  addresses = {
    for name, service in var.services : name => {
      for called in service.calls : var.services[called].url_variable => local.urls[called]
    }
  }

  # Google's connector inside the service logs in as its account; that is why there is no password here.
  database_url = {
    for name, user in var.database_users :
    name => "postgresql://${urlencode(user)}@${urlencode(var.database_connection_name)}/${var.services[name].database}"
  }
  # of the account that owns the tables, for the migrations alone
  migration_database_url = {
    for name, user in var.database_users :
    name => "postgresql://${urlencode(var.migrations_user)}@${urlencode(var.database_connection_name)}/${var.services[name].database}"
  }

  # The gateway and the pages pass on their callers' tokens, and have none.
  callers_of_their_own = [
    for name, service in var.services : var.accounts[name] if service.database != null && length(service.calls) > 0
  ]

  environment = {
    for name, service in var.services : name => merge(
      {
        NODE_ENV   = var.environment == "prod" ? "production" : "development"
        HOST       = "0.0.0.0"
        LOG_LEVEL  = "info"
        BUS        = "pubsub"
        PROJECT_ID = var.project_id
        # nothing of ours may be written into a container's file system
        DATA_DIR                = "/tmp/data"
        (service.port_variable) = tostring(local.port)
        # Cloud Run's own proxy, and before it the load balancer or, for all others, the gateway or the pages
        TRUSTED_PROXIES = name == "gateway" && var.public ? "1" : "2"
      },
      local.addresses[name],
      # whose keys tell people's tokens, and where people find the pages
      {
        IDENTIDADE_URL = local.urls["identidade-service"]
        PUBLIC_ORIGIN  = local.public_origin
      },
      service.database == null ? {} : {
        DATABASE_URL       = local.database_url[name]
        DATABASE_POOL_SIZE = tostring(var.database_pool_size)
      },
      # who among the services calls others, and proves it by Google's ID tokens
      { SERVICE_ACCOUNTS = join(",", local.callers_of_their_own) },
      var.identity_provider == null ? {} : {
        AUTH_ISSUER         = var.identity_provider.issuer
        AUTH_JWKS_URL       = var.identity_provider.jwks_url
        AUTH_AUDIENCE       = var.identity_provider.audience
        AUTH_ROLE_CLAIM     = var.identity_provider.role_claim
        AUTH_CUSTOMER_CLAIM = var.identity_provider.customer_claim
      },
      service.database == null ? {} : { ANCHORS_BUCKET = var.anchors_bucket },
      name == "veiculo-service" ? { PHOTO_BUCKET = var.photo_bucket } : {},
      contains(keys(var.encryption_keys), name) ? { KMS_KEY = var.encryption_keys[name] } : {},
      lookup(var.settings, "all", {}),
      lookup(var.settings, name, {}),
      # where a secret that is a file lies
      { for variable, secret in var.secrets[name] : variable => "/secrets/${secret.secret}/value" if secret.as_file },
    )
  }

  callers = merge([
    for name, service in var.services : { for called in service.calls : "${name} ${called}" => { caller = name, called = called } }
  ]...)
}

resource "google_cloud_run_v2_service" "this" {
  for_each = var.services

  name                 = each.key
  location             = var.region
  deletion_protection  = false # it keeps no data; what does is protected by itself
  ingress              = each.key != "gateway" ? "INGRESS_TRAFFIC_INTERNAL_ONLY" : var.public ? "INGRESS_TRAFFIC_ALL" : "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"
  invoker_iam_disabled = each.key == "gateway" || !var.require_invoker_identity

  template {
    service_account = var.accounts[each.key]
    # event streams of purchases stay open for as long as somebody looks: Cloud Run's own limit
    timeout                          = "3600s"
    max_instance_request_concurrency = 200
    execution_environment            = "EXECUTION_ENVIRONMENT_GEN2"

    scaling {
      min_instance_count = var.instances[each.key].min
      max_instance_count = var.instances[each.key].max
    }

    dynamic "volumes" {
      for_each = { for secret in values(var.secrets[each.key]) : secret.secret => secret if secret.as_file }

      content {
        name = volumes.key

        secret {
          secret       = volumes.value.secret
          default_mode = 288 # 0440: a start in production refuses a key that others may read

          items {
            path    = "value"
            version = volumes.value.version
          }
        }
      }
    }

    # Everything leaves through the network: internal ingress of the others asks for it, and NAT gives one address.
    vpc_access {
      egress = "ALL_TRAFFIC"

      network_interfaces {
        network    = var.network
        subnetwork = var.subnetwork
      }
    }

    containers {
      name    = "app"
      image   = coalesce(var.image, local.placeholder)
      command = var.image == null ? null : ["node"]
      args    = var.image == null ? null : each.value.starts

      ports {
        container_port = local.port
      }

      resources {
        limits            = { cpu = "1", memory = "512Mi" }
        cpu_idle          = each.value.database == null # who pulls works between requests too
        startup_cpu_boost = true
      }

      dynamic "env" {
        for_each = local.environment[each.key]

        content {
          name  = env.key
          value = env.value
        }
      }

      dynamic "env" {
        for_each = { for variable, secret in var.secrets[each.key] : variable => secret if !secret.as_file }

        content {
          name = env.key

          value_source {
            secret_key_ref {
              secret  = env.value.secret
              version = env.value.version
            }
          }
        }
      }

      dynamic "volume_mounts" {
        for_each = { for secret in values(var.secrets[each.key]) : secret.secret => secret if secret.as_file }

        content {
          name       = volume_mounts.key
          mount_path = "/secrets/${volume_mounts.key}"
        }
      }

      # Ready means: database, migrations and bus. A revision that never gets there takes no traffic.
      startup_probe {
        period_seconds    = 2
        timeout_seconds   = 2
        failure_threshold = 60

        http_get {
          path = "/ready"
        }
      }

      # Ten failures in a row: /health asks the database, and a restart would not mend a database that fails over.
      liveness_probe {
        period_seconds    = 30
        timeout_seconds   = 5
        failure_threshold = 10

        http_get {
          path = "/health"
        }
      }
    }

    # Reads /metrics on port 8080 every thirty seconds and hands them to Managed Service for Prometheus.
    dynamic "containers" {
      for_each = each.value.database == null ? [] : [var.metrics_image]

      content {
        name       = "metrics"
        image      = containers.value
        depends_on = ["app"]

        resources {
          limits   = { cpu = "0.5", memory = "512Mi" } # less is refused by the second generation
          cpu_idle = false
        }
      }
    }
  }

  # `make deploy-code` brings images and moves traffic in steps; Terraform must not undo what it did.
  lifecycle {
    ignore_changes = [
      template[0].containers[0].image,
      template[0].containers[0].command,
      template[0].containers[0].args,
      template[0].revision,
      traffic,
      client,
      client_version,
    ]
  }
}

resource "google_cloud_run_v2_service_iam_member" "caller" {
  for_each = local.callers

  name     = google_cloud_run_v2_service.this[each.value.called].name
  location = var.region
  role     = "roles/run.invoker"
  member   = "serviceAccount:${var.accounts[each.value.caller]}"
}
