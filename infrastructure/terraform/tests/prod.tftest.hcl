# prod: everything on.

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

variables {
  project_id                 = "mercado-test"
  environment                = "prod"
  domain                     = "api.example.com"
  alert_email                = "operacao@example.com"
  billing_account            = "012345-6789AB-CDEF01"
  github_repository          = "example/mercado-veiculo"
  iap_members                = ["group:staff@example.com"]
  database_admin_password    = "only-for-this-test"
  secret_values              = {}
  database_high_availability = true
}

run "the_whole_of_it" {
  assert {
    condition     = output.public_url == "https://api.example.com"
    error_message = "The domain is the public address."
  }
  assert {
    condition     = length(module.edge) == 1 && length(module.delivery) == 1
    error_message = "A load balancer and a deployer were asked for."
  }
  assert {
    condition = length(setsubtract(
      ["outbox_oldest_age", "saga_oldest_unfinished_step_age", "dead_letters", "manual_interventions", "reservation_oldest_age"],
      module.monitoring.alerts
    )) == 0
    error_message = "An alert that operators count on is missing."
  }
  assert {
    condition     = module.services.environment["gateway"].TRUSTED_PROXIES == "2"
    error_message = "The load balancer and Cloud Run stand before the gateway: its address is the last in X-Forwarded-For, the client's the one before."
  }
}
