variable "project_id" {
  description = "The Google Cloud project."
  type        = string
}

variable "project_number" {
  description = "Its number, as budgets name it."
  type        = string
}

variable "public_host" {
  description = "Host name whose /health is asked from three continents."
  type        = string
}

variable "alert_email" {
  description = "Where alerts go; null: only the console shows them."
  type        = string
}

variable "billing_account" {
  description = "Billing account of the budget; null: no budget."
  type        = string
}

variable "monthly_budget" {
  description = "Whole units of the currency."
  type        = number
}

variable "budget_currency" {
  description = "The billing account's currency."
  type        = string
}
