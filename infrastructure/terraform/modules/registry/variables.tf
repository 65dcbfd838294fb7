variable "location" {
  description = "Region of the repository: that of the services, so that images start fast."
  type        = string
}
