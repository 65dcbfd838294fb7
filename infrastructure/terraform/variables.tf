variable "project_id" {
  description = "The Google Cloud project. One environment is one project: topics and services have the same names in each."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "A project id has 6 to 30 lower case letters, digits and hyphens, and begins with a letter."
  }
}

variable "region" {
  description = "Where everything lives that has a place. Personal data of Brazilians is best kept in Brazil."
  type        = string
  default     = "southamerica-east1"

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "A region looks like southamerica-east1; a zone (…-a) is not one."
  }
}

variable "environment" {
  description = "dev or prod. prod insists on a domain, a highly available database and protection against deletion."
  type        = string

  validation {
    condition     = contains(["dev", "prod"], var.environment)
    error_message = "The environment is dev or prod."
  }
}

variable "image" {
  description = "The image that the services are created with. Null: Google's sample stands in until `make deploy-code` brings the real one."
  type        = string
  default     = null
}

variable "domain" {
  description = "Public host name, for example api.example.com. Null: no load balancer, certificate or Cloud Armor; the gateway has its run.app address."
  type        = string
  default     = null

  validation {
    condition     = var.domain == null || can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,}$", var.domain))
    error_message = "A domain is a host name in lower case, without https:// and without a path."
  }
  validation {
    condition     = var.environment != "prod" || var.domain != null
    error_message = "prod needs a domain: without it nothing stands between the internet and the gateway."
  }
}

variable "database_instance" {
  description = "Name of the Cloud SQL instance. Google may keep the name of a deleted one for a week: take another then."
  type        = string
  default     = "mercado"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,79}$", var.database_instance))
    error_message = "Lower case letters, digits and hyphens, beginning with a letter."
  }
}

variable "database_tier" {
  description = "Machine type of Cloud SQL."
  type        = string
  default     = "db-custom-1-3840"

  validation {
    condition     = startswith(var.database_tier, "db-")
    error_message = "A tier looks like db-custom-2-7680 (2 processors, 7,680 MB)."
  }
}

variable "database_version" {
  description = "Cloud SQL's name of the PostgreSQL version, 15 or newer."
  type        = string
  default     = "POSTGRES_17"

  validation {
    condition     = can(regex("^POSTGRES_(1[5-9]|[2-9][0-9])$", var.database_version))
    error_message = "The code needs PostgreSQL 15 or newer, for example POSTGRES_17."
  }
}

variable "database_high_availability" {
  description = "A standby in a second zone that takes over by itself; doubles the database's cost."
  type        = bool
  default     = false

  validation {
    condition     = var.environment != "prod" || var.database_high_availability
    error_message = "prod runs on a highly available database."
  }
}

variable "database_max_connections" {
  description = "PostgreSQL's max_connections. Every instance of a service may hold database_pool_size of them and one that listens, identidade-service five more."
  type        = number
  default     = 250

  validation {
    condition = var.database_max_connections >= 20 + sum([
      for name, limits in var.instances : limits.max * (var.database_pool_size + (name == "identidade-service" ? 6 : 1))
      if !contains(["web", "gateway"], name)
    ])
    error_message = "Too few: all services at their most instances need database_pool_size and one each, identidade-service five more, and 20 are for operators and migrations."
  }
}

variable "database_pool_size" {
  description = "Connections that one instance of a service opens at most."
  type        = number
  default     = 10

  validation {
    condition     = var.database_pool_size >= 2 && var.database_pool_size <= 200
    error_message = "Between 2 and 200, as platform/config.ts has it."
  }
}

variable "database_backups_kept" {
  description = "Daily backups kept."
  type        = number
  default     = 7

  validation {
    condition     = var.database_backups_kept >= 7 && var.database_backups_kept <= 365
    error_message = "Between 7 and 365 daily backups."
  }
}

variable "database_admin_password" {
  description = "Password of the administrator that hands each service its database. The scripts read it from Secret Manager; it never enters the state."
  type        = string
  default     = null
  sensitive   = true
  ephemeral   = true

  validation {
    condition     = var.database_admin_password == null || length(coalesce(var.database_admin_password, "-")) >= 16
    error_message = "At least 16 characters."
  }
}

variable "database_admin_password_version" {
  description = "Version of that secret: a higher one makes Terraform set the password anew."
  type        = number
  default     = 1

  validation {
    condition     = var.database_admin_password_version >= 1
    error_message = "Versions count from 1."
  }
}

variable "anchors_kept_days" {
  description = "How long the signed heads of the journals can be neither changed nor removed; as long as the last record of a sale, unless said."
  type        = number
  default     = 4018

  validation {
    condition     = var.anchors_kept_days >= 1 && var.anchors_kept_days <= 36500
    error_message = "From 1 to 36,500 days."
  }
}

variable "anchors_locked" {
  description = "Whether that period can never be shortened again, by nobody: think twice, then turn it on in prod."
  type        = bool
  default     = false
}

variable "deletion_protection" {
  description = "Whether Terraform and Google Cloud refuse to delete the database. Turn it off, apply, then destroy."
  type        = bool
  default     = true

  validation {
    condition     = var.environment != "prod" || var.deletion_protection || var.prod_may_be_destroyed
    error_message = "prod is protected; prod_may_be_destroyed = true says that you mean it."
  }
}

variable "prod_may_be_destroyed" {
  description = "The second key to prod's deletion protection."
  type        = bool
  default     = false
}

variable "instances" {
  description = "Fewest and most instances of each service. The six that pull from Pub/Sub need at least one: nobody wakes a puller that has gone to sleep."
  type        = map(object({ min = number, max = number }))
  default = {
    cliente-service    = { min = 1, max = 3 }
    veiculo-service    = { min = 1, max = 3 }
    pagamento-service  = { min = 1, max = 3 }
    identidade-service = { min = 1, max = 3 }
    avisos-service     = { min = 1, max = 3 }
    orquestrador       = { min = 1, max = 3 }
    web                = { min = 0, max = 3 }
    gateway            = { min = 0, max = 3 }
  }

  validation {
    condition = toset(keys(var.instances)) == toset([
      "cliente-service", "veiculo-service", "pagamento-service", "identidade-service", "avisos-service", "orquestrador", "web", "gateway"
    ])
    error_message = "Name the six services, web and gateway, and nothing else."
  }
  validation {
    condition     = alltrue([for name, limits in var.instances : limits.min >= (contains(["web", "gateway"], name) ? 0 : 1)])
    error_message = "The six services pull from Pub/Sub and need at least one instance."
  }
  validation {
    condition     = alltrue([for limits in values(var.instances) : limits.max >= limits.min && limits.max >= 1 && limits.max <= 100])
    error_message = "The most is at least the fewest, from 1 to 100."
  }
}

variable "secrets" {
  description = "Application secrets: the variable that carries each, who may read it, and its version. Version 0 has no value yet and is given to nobody. as_file: it lies in a file, and the variable tells where."
  type = map(object({
    environment = string
    services    = set(string)
    version     = number
    as_file     = optional(bool, false)
  }))
  default = {}

  validation {
    condition     = alltrue([for secret in values(var.secrets) : can(regex("^[A-Z][A-Z0-9_]*$", secret.environment))])
    error_message = "An environment variable is in capitals, digits and underscores."
  }
  validation {
    condition = alltrue([for secret in values(var.secrets) : length(setsubtract(secret.services, [
      "cliente-service", "veiculo-service", "pagamento-service", "identidade-service", "avisos-service", "orquestrador", "web", "gateway"
    ])) == 0])
    error_message = "A secret is given to services that exist."
  }
}

variable "secret_values" {
  description = "The values, by the secret's name. Write-only: they reach Secret Manager and stay out of plans and state."
  type        = map(string)
  default     = {}
  sensitive   = true
  ephemeral   = true
}

variable "settings" {
  description = "Further environment variables that are no secret, by service, and under `all` for all of them: PAYMENT_PROVIDER, PIX_…, CORS_ORIGINS, SHOP_…"
  type        = map(map(string))
  default     = {}

  validation {
    condition = length(setsubtract(keys(var.settings), [
      "all", "cliente-service", "veiculo-service", "pagamento-service", "identidade-service", "avisos-service", "orquestrador", "web", "gateway"
    ])) == 0
    error_message = "Settings are given to services that exist, or to all."
  }
  validation {
    condition     = !anytrue([for name in flatten([for given in values(var.settings) : keys(given)]) : can(regex("SECRET|SMTP_URL|DATABASE_URL", name))])
    error_message = "What holds a secret belongs into secrets, which stay out of plans and state."
  }
}

variable "require_invoker_identity" {
  description = "Whether Cloud Run itself asks callers of the internal services for a Google identity token. On only when the services send one (X-Serverless-Authorization); internal ingress keeps the internet out either way."
  type        = bool
  default     = false
}

variable "identity_provider" {
  description = "Who signs people's tokens instead of identidade-service (docs/identity-providers.md). Null: identidade-service does."
  type = object({
    issuer         = string
    jwks_url       = string
    audience       = optional(string, "mercado-veiculo")
    role_claim     = optional(string, "role")
    customer_claim = optional(string, "customer_id")
  })
  default = null
}

variable "requests_per_minute" {
  description = "Requests that one address may make at the public door before Cloud Armor answers 429."
  type        = number
  default     = 600

  validation {
    condition     = var.requests_per_minute >= 60 && var.requests_per_minute <= 10000
    error_message = "From 60 to 10,000 a minute."
  }
}

variable "iap_members" {
  description = "Who may pass Identity-Aware Proxy, for example group:staff@example.com. Empty: no proxy, the public may come in."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for member in var.iap_members : can(regex("^(user|group|domain|serviceAccount):", member))])
    error_message = "Members are user:…, group:…, domain:… or serviceAccount:…."
  }
}

variable "alert_email" {
  description = "Where alerts go. Null: they only show in the console."
  type        = string
  default     = null

  validation {
    condition     = var.alert_email == null || can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", var.alert_email))
    error_message = "An e-mail address."
  }
}

variable "billing_account" {
  description = "Billing account whose budget is watched, for example 012345-6789AB-CDEF01. Null: no budget."
  type        = string
  default     = null

  validation {
    condition     = var.billing_account == null || can(regex("^[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$", var.billing_account))
    error_message = "A billing account looks like 012345-6789AB-CDEF01."
  }
}

variable "monthly_budget" {
  description = "Whole units of budget_currency a month; mail goes out at 50, 90 and 100 per cent and when the forecast passes it."
  type        = number
  default     = 4500

  validation {
    condition     = var.monthly_budget > 0 && floor(var.monthly_budget) == var.monthly_budget
    error_message = "A whole number above 0."
  }
}

variable "budget_currency" {
  description = "The billing account's currency; Google refuses a budget in another."
  type        = string
  default     = "BRL"

  validation {
    condition     = can(regex("^[A-Z]{3}$", var.budget_currency))
    error_message = "Three capitals, for example BRL."
  }
}

variable "github_repository" {
  description = "owner/name whose `main` may deploy by Workload Identity Federation. Null: nobody but you."
  type        = string
  default     = null

  validation {
    condition     = var.github_repository == null || can(regex("^[\\w.-]+/[\\w.-]+$", var.github_repository))
    error_message = "owner/name, without https://github.com/."
  }
}
