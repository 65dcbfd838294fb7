variable "project_id" {
  description = "The Google Cloud project."
  type        = string
}

variable "accounts" {
  description = "Short name of each service's account, by service."
  type        = map(string)
}
