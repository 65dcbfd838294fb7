output "network" {
  description = "Id of the network."
  value       = google_compute_network.this.id
}

output "private_network" {
  description = "The same, once Google's services can be reached in it: Cloud SQL can't be made before."
  value       = google_compute_network.this.id
  depends_on  = [google_service_networking_connection.google_services]
}

output "subnetwork" {
  description = "Id of the subnetwork that the services leave by."
  value       = google_compute_subnetwork.services.id
}

output "egress_address" {
  description = "The public address that payment providers see."
  value       = google_compute_address.egress.address
}
