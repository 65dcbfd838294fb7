# `terraform test`: the whole configuration planned and applied on a provider that invents what Google would answer.

mock_provider "google" {
  mock_data "google_project" {
    defaults = { number = "123456789012" }
  }
}

variables {
  project_id              = "mercado-test"
  environment             = "dev"
  database_admin_password = "only-for-this-test"
  secret_values           = {}
  deletion_protection     = false
}

run "a_small_environment_without_a_domain" {
  assert {
    condition     = output.public_url == "https://gateway-123456789012.southamerica-east1.run.app"
    error_message = "Without a domain the gateway's own address is the public one."
  }
  assert {
    condition     = length(module.edge) == 0 && length(module.delivery) == 0
    error_message = "No load balancer and no deployer were asked for."
  }
  assert {
    condition     = length(module.services.names) == 8 && length(output.service_urls) == 8
    error_message = "Six services, the pages and the gateway."
  }
  assert {
    condition     = length(module.messaging.topics) == length(local.topology.topics)
    error_message = "Each topic of the list."
  }
  assert {
    condition     = length(module.messaging.subscriptions) == length(local.topology.subscriptions)
    error_message = "Each subscription of the list."
  }

  assert {
    condition = alltrue([
      for name, database in local.databases :
      strcontains(module.services.environment[name].DATABASE_URL, "@mercado-test%3Asouthamerica-east1%3Amercado/${database}")
      && length(regexall("postgresql://[^:@]+@", module.services.environment[name].DATABASE_URL)) == 1
    ])
    error_message = "A database URL has a user and no password, and names the service's own database."
  }
  assert {
    condition     = !contains(keys(module.services.environment["gateway"]), "DATABASE_URL")
    error_message = "The gateway has no database."
  }
  assert {
    condition     = module.services.environment["gateway"].WEB_URL == "https://web-123456789012.southamerica-east1.run.app"
    error_message = "The gateway knows where the pages are."
  }
  assert {
    condition     = strcontains(module.services.environment["cliente-service"].SERVICE_ACCOUNTS, "mercado-cliente-service@mercado-test.iam")
    error_message = "A service is known by an account of its own name."
  }
  assert {
    condition     = length([for statement in module.services.grants : statement if strcontains(statement, "create on schema") && !strcontains(statement, "mercado-migrations@")]) == 0
    error_message = "Nobody but who migrates makes tables."
  }
  assert {
    condition     = length([for statement in module.services.grants : statement if startswith(statement, "revoke connect")]) == 6
    error_message = "Nobody may connect to a database that is not theirs."
  }
  assert {
    condition     = module.services.environment["orquestrador"].VEICULO_URL == "https://veiculo-service-123456789012.southamerica-east1.run.app"
    error_message = "The orquestrador knows where veiculo-service is."
  }
  assert {
    condition     = module.services.environment["gateway"].TRUSTED_PROXIES == "1" && module.services.environment["orquestrador"].TRUSTED_PROXIES == "2"
    error_message = "Cloud Run alone stands before the gateway, the gateway and Cloud Run before a service."
  }
}

run "a_secret_goes_to_whom_it_is_for" {
  variables {
    secrets = {
      payment-webhook = { environment = "PAYMENT_WEBHOOK_SECRETS", services = ["pagamento-service"], version = 1 }
      later           = { environment = "LATER", services = ["gateway"], version = 0 }
    }
    secret_values = { payment-webhook = "not a real one" }
  }

  assert {
    condition     = keys(module.secrets.given["pagamento-service"]) == ["PAYMENT_WEBHOOK_SECRETS"]
    error_message = "The payment service gets its secret."
  }
  assert {
    condition     = alltrue([for name, given in module.secrets.given : length(given) == 0 if name != "pagamento-service"])
    error_message = "Nobody else gets it, and a secret without a value is given to nobody."
  }
}

run "what_a_provider_of_payments_needs_reaches_its_service" {
  variables {
    secrets = {
      pix-key = { environment = "PIX_KEY_FILE", services = ["pagamento-service"], version = 1, as_file = true }
    }
    secret_values = { pix-key = "not a real one" }
    settings = {
      pagamento-service = { PAYMENT_PROVIDER = "pix" }
      gateway           = { CORS_ORIGINS = "https://www.example.com" }
    }
  }

  assert {
    condition     = module.services.environment["pagamento-service"].PIX_KEY_FILE == "/secrets/mercado-pix-key/value"
    error_message = "A secret that is a file is told of by its path."
  }
  assert {
    condition     = module.services.environment["pagamento-service"].PAYMENT_PROVIDER == "pix"
    error_message = "A setting reaches its service."
  }
  assert {
    condition     = module.services.environment["gateway"].CORS_ORIGINS == "https://www.example.com" && !contains(keys(module.services.environment["gateway"]), "PAYMENT_PROVIDER")
    error_message = "And no other."
  }
}
