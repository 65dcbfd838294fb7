variable "project_id" {
  description = "The Google Cloud project."
  type        = string
}

variable "services" {
  description = "Names of the services, each of which gets an account."
  type        = set(string)
}
