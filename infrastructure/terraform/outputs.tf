output "public_url" {
  description = "Where the system is reached from outside."
  value       = var.domain == null ? module.services.urls["gateway"] : "https://${var.domain}"
}

output "public_address" {
  description = "The address that the domain's A record has to name; null without a domain."
  value       = one(module.edge[*].address)
}

output "service_urls" {
  description = "Address of each service. All but the gateway answer from inside the network only."
  value       = module.services.urls
}

output "registry" {
  description = "Where images are pushed to."
  value       = module.registry.url
}

output "database" {
  description = "Cloud SQL's connection name, as Google's connectors take it."
  value       = module.sql.connection_name
}

output "database_address" {
  description = "Private address of the database; reachable from the network only."
  value       = module.sql.private_ip_address
}

output "encryption_keys" {
  description = "Key that wraps each service's data keys."
  value       = module.kms.keys
}

output "dashboard" {
  description = "Path of the dashboard in the Cloud console."
  value       = module.monitoring.dashboard
}

output "deployer" {
  description = "What the repository's variables WORKLOAD_IDENTITY_PROVIDER and DEPLOYER_ACCOUNT have to say; null without github_repository."
  value       = one(module.delivery[*].deployer)
}
