# The whole system, module by module. What a service is (its database, its door, whom it calls) is said once, here.

data "google_project" "this" {
  project_id = var.project_id
}

locals {
  topology = jsondecode(file("${path.module}/messaging.json"))

  # `database` is null for what keeps no data; `calls` are the services that it asks over HTTP.
  services = {
    cliente-service = {
      account       = "cliente"
      database      = "cliente_service"
      port_variable = "PORT_CLIENTE"
      # what the others hold about a person
      calls = ["veiculo-service", "pagamento-service", "orquestrador", "identidade-service"]
    }
    veiculo-service = {
      account       = "veiculo"
      database      = "veiculo_service"
      port_variable = "PORT_VEICULO"
      # whose document a buyer shows
      calls = ["cliente-service"]
    }
    pagamento-service = { account = "pagamento", database = "pagamento_service", port_variable = "PORT_PAGAMENTO", calls = [] }
    # its keys are what every service knows people by
    identidade-service = {
      account       = "identidade"
      database      = "identidade_service"
      port_variable = "PORT_IDENTIDADE"
      calls         = ["cliente-service"]
    }
    avisos-service = {
      account       = "avisos"
      database      = "avisos_service"
      port_variable = "PORT_AVISOS"
      # besides addresses and words, approvals that wait
      calls = ["cliente-service", "veiculo-service", "pagamento-service", "orquestrador", "identidade-service"]
    }
    orquestrador = {
      account       = "orquestrador"
      database      = "orquestrador"
      port_variable = "PORT_ORQUESTRADOR"
      calls         = ["cliente-service", "veiculo-service", "pagamento-service", "identidade-service"]
    }
    gateway = {
      account       = "gateway"
      database      = null
      port_variable = "PORT_GATEWAY"
      calls         = ["cliente-service", "veiculo-service", "pagamento-service", "orquestrador", "identidade-service", "avisos-service"]
    }
  }

  databases = { for name, service in local.services : name => service.database if service.database != null }

  # Made by `make setup`, before Terraform runs for the first time.
  database_admin_secret = "mercado-database-admin"
}

module "identities" {
  source = "./modules/identities"

  project_id = var.project_id
  accounts   = { for name, service in local.services : name => service.account }
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
  database_pool_size       = var.database_pool_size
  image                    = var.image
  instances                = var.instances
  network                  = module.network.network
  subnetwork               = module.network.subnetwork
  secrets                  = module.secrets.given
  settings                 = var.settings
  encryption_keys          = module.kms.keys
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
  accounts          = merge(module.identities.names, { database-admin = module.identities.database_admin_name })
}
