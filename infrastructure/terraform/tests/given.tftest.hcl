# What operators give: secrets and settings reach whom they are for, and nobody else.

mock_provider "google" {
  mock_data "google_project" {
    defaults = { number = "123456789012" }
  }
}

# most of the work, and looked at elsewhere
override_module {
  target  = module.messaging
  outputs = {}
}
override_module {
  target  = module.monitoring
  outputs = {}
}

variables {
  project_id              = "mercado-test"
  environment             = "dev"
  database_admin_password = "only-for-this-test"
  secret_values           = {}
  deletion_protection     = false
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
