variable "project_id" {
  description = "The Google Cloud project."
  type        = string
}

variable "project_number" {
  description = "Its number, of which the services' addresses are made."
  type        = string
}

variable "environment" {
  description = "dev or prod; in dev the simulated payment provider and the local issuer of tokens may be used."
  type        = string
}

variable "region" {
  description = "Region of the services."
  type        = string
}

variable "services" {
  description = "The services: the variable by which others find them, their database (null: none), the variable that sets their port, what their container runs, whom they call."
  type = map(object({
    url_variable  = string
    database      = optional(string)
    port_variable = string
    starts        = list(string)
    calls         = list(string)
  }))
}

variable "accounts" {
  description = "E-mail of each service's account, by service."
  type        = map(string)
}

variable "database_admin" {
  description = "E-mail of the account that runs `database-grants`."
  type        = string
}

variable "database_admin_secret" {
  description = "Name of the secret with the administrator's password."
  type        = string
}

variable "database_admin_user" {
  description = "The administrator's user."
  type        = string
}

variable "database_address" {
  description = "Private address of the database."
  type        = string
}

variable "database_connection_name" {
  description = "project:region:instance."
  type        = string
}

variable "database_users" {
  description = "Database user of each service that has a database, by service."
  type        = map(string)
}

variable "migrations_account" {
  description = "E-mail of the account that the jobs `migrate-…` run as."
  type        = string
}

variable "migrations_user" {
  description = "Its database user, who owns every service's tables."
  type        = string
}

variable "database_pool_size" {
  description = "Connections that one instance opens at most."
  type        = number
}

variable "image" {
  description = "The image that services are created with; null: a placeholder."
  type        = string
}

variable "instances" {
  description = "Fewest and most instances, by service."
  type        = map(object({ min = number, max = number }))
}

variable "network" {
  description = "Id of the network."
  type        = string
}

variable "subnetwork" {
  description = "Id of the subnetwork that services leave by."
  type        = string
}

variable "secrets" {
  description = "For each service, the secret and its version behind each of its environment variables."
  type        = map(map(object({ secret = string, version = string, as_file = bool })))
}

variable "settings" {
  description = "For each service, further environment variables that are no secret."
  type        = map(map(string))
}

variable "encryption_keys" {
  description = "Id of the key that wraps a service's data keys, by service."
  type        = map(string)
}

variable "photo_bucket" {
  description = "Name of the bucket that veiculo-service keeps photos in."
  type        = string
}

variable "anchors_bucket" {
  description = "Name of the bucket that every service with a journal adds its heads to."
  type        = string
}

variable "public" {
  description = "Whether the gateway is reached by its run.app address; false behind the load balancer."
  type        = bool
}

variable "require_invoker_identity" {
  description = "Whether Cloud Run asks callers of the internal services for an identity token."
  type        = bool
}

variable "identity_provider" {
  description = "Who signs people's tokens; null: nobody, and only services get in."
  type = object({
    issuer         = string
    jwks_url       = string
    audience       = string
    role_claim     = string
    customer_claim = string
  })
}

variable "metrics_image" {
  description = "Google's Prometheus collector for Cloud Run."
  type        = string
  default     = "us-docker.pkg.dev/cloud-ops-agents-artifacts/cloud-run-gmp-sidecar/cloud-run-gmp-sidecar:1.2.0"
}

variable "psql_image" {
  description = "An image that has psql."
  type        = string
  default     = "docker.io/library/postgres:17-alpine"
}

variable "public_domain" {
  description = "The domain that people type; null: the gateway's own address."
  type        = string
  default     = null
}
