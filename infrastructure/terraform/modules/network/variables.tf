variable "region" {
  description = "Region of the subnetwork and of the way out."
  type        = string
}
