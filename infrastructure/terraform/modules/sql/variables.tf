variable "project_id" {
  description = "The Google Cloud project."
  type        = string
}

variable "name" {
  description = "Name of the instance."
  type        = string
}

variable "region" {
  description = "Region of the instance and of its backups."
  type        = string
}

variable "network" {
  description = "Id of a network with private services access."
  type        = string
}

variable "database_version" {
  description = "Cloud SQL's name of the PostgreSQL version."
  type        = string
}

variable "tier" {
  description = "Machine type."
  type        = string
}

variable "high_availability" {
  description = "Whether a standby in a second zone takes over by itself."
  type        = bool
}

variable "max_connections" {
  description = "PostgreSQL's max_connections."
  type        = number
}

variable "backups_kept" {
  description = "Daily backups kept."
  type        = number
}

variable "deletion_protection" {
  description = "Whether Terraform and Google Cloud refuse to delete the instance."
  type        = bool
}

variable "databases" {
  description = "Name of each service's database, by service."
  type        = map(string)
}

variable "accounts" {
  description = "E-mail of each service's account, by service."
  type        = map(string)
}

variable "migrations_account" {
  description = "E-mail of the account that owns every service's tables."
  type        = string
}

variable "admin_password" {
  description = "Password of the administrator; write-only."
  type        = string
  sensitive   = true
  ephemeral   = true
}

variable "admin_password_version" {
  description = "A higher version sets the password anew."
  type        = number
}
