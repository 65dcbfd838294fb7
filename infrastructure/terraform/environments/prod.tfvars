# For people's money. The domain, alert_email, billing_account and github_repository are yours to add
# (in infrastructure/terraform/local.auto.tfvars, which is not committed).
environment                = "prod"
database_tier              = "db-custom-4-15360"
database_high_availability = true
database_max_connections   = 500
database_backups_kept      = 30
deletion_protection        = true
monthly_budget             = 8000

instances = {
  cliente-service    = { min = 2, max = 10 }
  veiculo-service    = { min = 2, max = 10 }
  pagamento-service  = { min = 2, max = 10 }
  identidade-service = { min = 2, max = 10 }
  avisos-service     = { min = 1, max = 3 }
  orquestrador       = { min = 2, max = 10 }
  gateway            = { min = 1, max = 10 }
}
