output "deployer" {
  description = "The two names that the workflow needs."
  value = {
    workload_identity_provider = google_iam_workload_identity_pool_provider.github.name
    account                    = google_service_account.deployer.email
  }
}
