variable "project_id" {
  description = "The Google Cloud project; names of buckets begin with it."
  type        = string
}

variable "location" {
  description = "Region of the buckets."
  type        = string
}

variable "photos_account" {
  description = "E-mail of the account that keeps photos."
  type        = string
}

variable "anchors_accounts" {
  description = "E-mails of the accounts that add heads of their journals, by service."
  type        = map(string)
}

variable "anchors_kept_seconds" {
  description = "How long a head can be neither changed nor removed."
  type        = number
}

variable "anchors_locked" {
  description = "Whether that period can never be shortened again, by nobody."
  type        = bool
}
