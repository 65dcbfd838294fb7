output "topics" {
  description = "Names of all topics."
  value       = keys(google_pubsub_topic.this)
}

output "subscriptions" {
  description = "Names of all subscriptions."
  value       = keys(google_pubsub_subscription.this)
}
