variable "location" {
  description = "The one region that secrets are kept in."
  type        = string
}

variable "secrets" {
  description = "The secrets: the variable that carries each, who may read it, and its version (0: no value yet)."
  type = map(object({
    environment = string
    services    = set(string)
    version     = number
    as_file     = optional(bool, false)
  }))
}

variable "values" {
  description = "Their values; needed only in the run that raises a version."
  type        = map(string)
  sensitive   = true
  ephemeral   = true
}

variable "accounts" {
  description = "E-mail of each service's account, by service."
  type        = map(string)
}

variable "database_admin_secret" {
  description = "Name of the secret with the database administrator's password, which `make setup` has made."
  type        = string
}

variable "database_admin" {
  description = "E-mail of the account that may read it."
  type        = string
}
