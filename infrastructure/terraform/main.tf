# The whole system, module by module. What a service is (its database, its door, whom it calls) is said once, here.

data "google_project" "this" {
  project_id = var.project_id
}

locals {
  topology = jsondecode(file("${path.module}/messaging.json"))

  # `url_variable` tells others where it is; `database` is null for what keeps no data; `calls` are those that it asks over HTTP;
  # `starts` is what its container runs.
  services = {
    cliente-service = {
      url_variable  = "CLIENTE_URL"
      database      = "cliente_service"
      port_variable = "PORT_CLIENTE"
      starts        = ["app/service.ts", "cliente-service"]
      # what the others hold about a person
      calls = ["veiculo-service", "pagamento-service", "orquestrador", "identidade-service"]
    }
    veiculo-service = {
      url_variable  = "VEICULO_URL"
      database      = "veiculo_service"
      port_variable = "PORT_VEICULO"
      starts        = ["app/service.ts", "veiculo-service"]
      # whose document a buyer shows, and whether their money has come
      calls = ["cliente-service", "pagamento-service"]
    }
    pagamento-service = {
      url_variable  = "PAGAMENTO_URL"
      database      = "pagamento_service"
      port_variable = "PORT_PAGAMENTO"
      starts        = ["app/service.ts", "pagamento-service"]
      # whether money is the buyer's own
      calls = ["cliente-service"]
    }
    # its keys are what every service knows people by
    identidade-service = {
      url_variable  = "IDENTIDADE_URL"
      database      = "identidade_service"
      port_variable = "PORT_IDENTIDADE"
      starts        = ["app/service.ts", "identidade-service"]
      calls         = ["cliente-service"]
    }
    avisos-service = {
      url_variable  = "AVISOS_URL"
      database      = "avisos_service"
      port_variable = "PORT_AVISOS"
      starts        = ["app/service.ts", "avisos-service"]
      # besides addresses and words, approvals that wait
      calls = ["cliente-service", "veiculo-service", "pagamento-service", "orquestrador", "identidade-service"]
    }
    orquestrador = {
      url_variable  = "ORQUESTRADOR_URL"
      database      = "orquestrador"
      port_variable = "PORT_ORQUESTRADOR"
      starts        = ["app/service.ts", "orquestrador"]
      calls         = ["cliente-service", "veiculo-service", "pagamento-service", "identidade-service"]
    }
    # the pages
    web = {
      url_variable  = "WEB_URL"
      database      = null
      port_variable = "PORT_WEB"
      starts        = ["web/main.ts"]
      calls         = ["cliente-service", "veiculo-service", "pagamento-service", "orquestrador", "identidade-service", "avisos-service"]
    }
    gateway = {
      url_variable  = "GATEWAY_URL"
      database      = null
      port_variable = "PORT_GATEWAY"
      starts        = ["app/service.ts", "gateway"]
      calls         = ["cliente-service", "veiculo-service", "pagamento-service", "orquestrador", "identidade-service", "avisos-service", "web"]
    }
  }

  databases = { for name, service in local.services : name => service.database if service.database != null }

  # Made by `make setup`, before Terraform runs for the first time.
  database_admin_secret = "mercado-database-admin"
}

module "identities" {
  source = "./modules/identities"

  project_id = var.project_id
  services   = keys(local.services)
}

module "network" {
  source = "./modules/network"

  region = var.region
}

module "kms" {
  source = "./modules/kms"

  location = var.region
  users    = { for name in keys(local.databases) : name => module.identities.emails[name] }
}

module "registry" {
  source = "./modules/registry"

  location = var.region
}

module "sql" {
  source = "./modules/sql"

  project_id             = var.project_id
  region                 = var.region
  name                   = var.database_instance
  network                = module.network.private_network
  database_version       = var.database_version
  tier                   = var.database_tier
  high_availability      = var.database_high_availability
  max_connections        = var.database_max_connections
  backups_kept           = var.database_backups_kept
  deletion_protection    = var.deletion_protection
  databases              = local.databases
  accounts               = module.identities.emails
  migrations_account     = module.identities.migrations_email
  admin_password         = var.database_admin_password
  admin_password_version = var.database_admin_password_version
}

module "secrets" {
  source = "./modules/secrets"

  location              = var.region
  secrets               = var.secrets
  values                = var.secret_values
  accounts              = module.identities.emails
  database_admin_secret = local.database_admin_secret
  database_admin        = module.identities.database_admin_email
}

module "storage" {
  source = "./modules/storage"

  project_id           = var.project_id
  location             = var.region
  photos_account       = module.identities.emails["veiculo-service"]
  anchors_accounts     = { for name in keys(local.databases) : name => module.identities.emails[name] }
  anchors_kept_seconds = var.anchors_kept_days * 86400
  anchors_locked       = var.anchors_locked
}

module "messaging" {
  source = "./modules/messaging"

  project_id     = var.project_id
  topology       = local.topology
  accounts       = module.identities.emails
  project_number = data.google_project.this.number
  region         = var.region
}

module "services" {
  source = "./modules/services"

  project_id               = var.project_id
  project_number           = data.google_project.this.number
  environment              = var.environment
  region                   = var.region
  services                 = local.services
  accounts                 = module.identities.emails
  database_admin           = module.identities.database_admin_email
  database_admin_secret    = module.secrets.database_admin_secret
  database_admin_user      = module.sql.admin_user
  database_address         = module.sql.private_ip_address
  database_connection_name = module.sql.connection_name
  database_users           = module.sql.users
  migrations_account       = module.identities.migrations_email
  migrations_user          = module.sql.migrations_user
  database_pool_size       = var.database_pool_size
  image                    = var.image
  instances                = var.instances
  network                  = module.network.network
  subnetwork               = module.network.subnetwork
  secrets                  = module.secrets.given
  settings                 = var.settings
  encryption_keys          = module.kms.keys
  photo_bucket             = module.storage.photos
  anchors_bucket           = module.storage.anchors
  public                   = var.domain == null
  public_domain            = var.domain
  require_invoker_identity = var.require_invoker_identity
  identity_provider        = var.identity_provider

  # At its start each service looks for its topics and subscriptions.
  depends_on = [module.messaging]
}

module "edge" {
  source = "./modules/edge"
  count  = var.domain == null ? 0 : 1

  region              = var.region
  domain              = var.domain
  service             = module.services.names["gateway"]
  requests_per_minute = var.requests_per_minute
  iap_members         = var.iap_members
}

module "monitoring" {
  source = "./modules/monitoring"

  project_id      = var.project_id
  project_number  = data.google_project.this.number
  public_host     = var.domain == null ? trimprefix(module.services.urls["gateway"], "https://") : var.domain
  alert_email     = var.alert_email
  billing_account = var.billing_account
  monthly_budget  = var.monthly_budget
  budget_currency = var.budget_currency
}

module "delivery" {
  source = "./modules/delivery"
  count  = var.github_repository == null ? 0 : 1

  project_id        = var.project_id
  github_repository = var.github_repository
  location          = var.region
  registry          = module.registry.name
  accounts = merge(module.identities.names, {
    database-admin = module.identities.database_admin_name
    migrations     = module.identities.migrations_name
  })
}
