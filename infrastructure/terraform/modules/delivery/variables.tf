variable "project_id" {
  description = "The Google Cloud project."
  type        = string
}

variable "github_repository" {
  description = "owner/name."
  type        = string
}

variable "location" {
  description = "Region of the image repository."
  type        = string
}

variable "registry" {
  description = "Name of the image repository."
  type        = string
}

variable "accounts" {
  description = "Full resource names of the accounts that revisions and jobs run as."
  type        = map(string)
}
