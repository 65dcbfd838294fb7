variable "region" {
  description = "Region of the gateway."
  type        = string
}

variable "domain" {
  description = "The public host name."
  type        = string
}

variable "service" {
  description = "Name of the gateway's Cloud Run service."
  type        = string
}

variable "requests_per_minute" {
  description = "Requests that one address may make."
  type        = number
}

variable "iap_members" {
  description = "Who may pass Identity-Aware Proxy; empty: no proxy."
  type        = set(string)
}
