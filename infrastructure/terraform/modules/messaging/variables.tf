variable "project_id" {
  description = "The Google Cloud project."
  type        = string
}

variable "project_number" {
  description = "Its number, for the name of Pub/Sub's own account."
  type        = string
}

variable "region" {
  description = "The one region that messages rest in."
  type        = string
}

variable "accounts" {
  description = "E-mail of each service's account, by service."
  type        = map(string)
}

variable "topology" {
  description = "messaging.json: every topic with who publishes to it (null: Pub/Sub moves dead letters there), every subscription with who pulls from it; durations as Pub/Sub writes them (\"0.1s\")."
  type = object({
    topics = list(object({ name = string, publisher = optional(string) }))
    subscriptions = list(object({
      name                 = string
      topic                = string
      service              = string
      ack_deadline_seconds = number
      message_retention    = string
      minimum_backoff      = string
      maximum_backoff      = string
      dead_letter          = optional(object({ topic = string, max_delivery_attempts = number }))
    }))
  })

  validation {
    condition = alltrue([
      for subscription in var.topology.subscriptions :
      subscription.ack_deadline_seconds >= 10 && subscription.ack_deadline_seconds <= 600
    ])
    error_message = "Pub/Sub takes an acknowledgement deadline of 10 to 600 seconds."
  }
  validation {
    condition = alltrue([
      for subscription in var.topology.subscriptions :
      try(subscription.dead_letter.max_delivery_attempts >= 5 && subscription.dead_letter.max_delivery_attempts <= 100, true)
    ])
    error_message = "Pub/Sub takes 5 to 100 delivery attempts."
  }
}
