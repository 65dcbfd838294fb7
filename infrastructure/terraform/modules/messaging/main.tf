# Topics and subscriptions, all from messaging.json, which is made from the plan that the code itself checks at its start.

locals {
  # Pub/Sub's own account: it moves what was delivered too often.
  agent = "serviceAccount:service-${var.project_number}@gcp-sa-pubsub.iam.gserviceaccount.com"

  topics        = { for topic in var.topology.topics : topic.name => topic }
  subscriptions = { for subscription in var.topology.subscriptions : subscription.name => subscription }
  published     = { for name, topic in local.topics : name => topic.publisher if topic.publisher != null }
  dead_letters  = toset([for name, topic in local.topics : name if topic.publisher == null])
  forwarded     = toset([for name, subscription in local.subscriptions : name if subscription.dead_letter != null])
  pullers       = toset([for subscription in var.topology.subscriptions : subscription.service])
}

# Messages rest in one region only. The topics keep no copy of what their subscriptions keep.
resource "google_pubsub_topic" "this" {
  for_each = local.topics

  name = each.key

  message_storage_policy {
    allowed_persistence_regions = [var.region]
  }
}

resource "google_pubsub_subscription" "this" {
  for_each = local.subscriptions

  name                       = each.key
  topic                      = google_pubsub_topic.this[each.value.topic].id
  ack_deadline_seconds       = each.value.ack_deadline_seconds
  message_retention_duration = each.value.message_retention

  # Never: a subscription that a quiet month deletes would lose what comes after.
  expiration_policy {
    ttl = ""
  }

  retry_policy {
    minimum_backoff = each.value.minimum_backoff
    maximum_backoff = each.value.maximum_backoff
  }

  dynamic "dead_letter_policy" {
    for_each = each.value.dead_letter[*]

    content {
      dead_letter_topic     = google_pubsub_topic.this[dead_letter_policy.value.topic].id
      max_delivery_attempts = dead_letter_policy.value.max_delivery_attempts
    }
  }
}

# Each service publishes what is its own to say, and pulls what is meant for it.
resource "google_pubsub_topic_iam_member" "publisher" {
  for_each = local.published

  topic  = google_pubsub_topic.this[each.key].name
  role   = "roles/pubsub.publisher"
  member = "serviceAccount:${var.accounts[each.value]}"
}

resource "google_pubsub_subscription_iam_member" "subscriber" {
  for_each = local.subscriptions

  subscription = google_pubsub_subscription.this[each.key].name
  role         = "roles/pubsub.subscriber"
  member       = "serviceAccount:${var.accounts[each.value.service]}"
}

# At its start each service compares all of this with its plan. It sees names and policies, no message.
resource "google_project_iam_member" "looks" {
  for_each = local.pullers

  project = var.project_id
  role    = "roles/pubsub.viewer"
  member  = "serviceAccount:${var.accounts[each.value]}"
}

# Without these two Pub/Sub can't move a dead letter, and says so nowhere: it keeps redelivering.
resource "google_pubsub_topic_iam_member" "agent_publishes_dead_letters" {
  for_each = local.dead_letters

  topic  = google_pubsub_topic.this[each.key].name
  role   = "roles/pubsub.publisher"
  member = local.agent
}

resource "google_pubsub_subscription_iam_member" "agent_takes_dead_letters" {
  for_each = local.forwarded

  subscription = google_pubsub_subscription.this[each.key].name
  role         = "roles/pubsub.subscriber"
  member       = local.agent
}
