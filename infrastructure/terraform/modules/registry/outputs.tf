output "name" {
  description = "Name of the repository."
  value       = google_artifact_registry_repository.this.name
}

output "url" {
  description = "Where images are pushed to."
  value       = "${var.location}-docker.pkg.dev/${google_artifact_registry_repository.this.project}/${google_artifact_registry_repository.this.name}"
}
