variable "location" {
  description = "Region of the key ring."
  type        = string
}

variable "users" {
  description = "E-mail of the account that may use each key, by service."
  type        = map(string)
}
