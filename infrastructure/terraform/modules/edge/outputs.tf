output "address" {
  description = "The address that the domain's A record has to name."
  value       = google_compute_global_address.this.address
}
