# For people's money. The domain, alert_email, billing_account and github_repository are yours to add
# (in infrastructure/terraform/local.auto.tfvars, which is not committed).
environment                = "prod"
database_tier              = "db-custom-4-15360"
database_high_availability = true
database_max_connections   = 500
database_backups_kept      = 30
deletion_protection        = true
monthly_budget             = 11000

instances = {
  cliente-service    = { min = 2, max = 8 }
  veiculo-service    = { min = 2, max = 8 }
  pagamento-service  = { min = 2, max = 8 }
  identidade-service = { min = 2, max = 4 }
  avisos-service     = { min = 1, max = 3 }
  orquestrador       = { min = 2, max = 8 }
  web                = { min = 1, max = 10 }
  gateway            = { min = 1, max = 10 }
}
