# What may not be said: each stops before anything is planned.

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
override_module {
  target  = module.edge
  outputs = {}
}
override_module {
  target  = module.delivery
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

run "refuses_prod_without_a_domain" {
  command = plan
  variables {
    domain = null
  }
  expect_failures = [var.domain]
}

run "refuses_prod_on_a_single_database" {
  command = plan
  variables {
    database_high_availability = false
  }
  expect_failures = [var.database_high_availability]
}

run "refuses_prod_without_protection" {
  command = plan
  variables {
    deletion_protection = false
  }
  expect_failures = [var.deletion_protection]
}

run "refuses_fewer_connections_than_the_services_may_open" {
  command = plan
  variables {
    database_max_connections = 100
  }
  expect_failures = [var.database_max_connections]
}

run "refuses_to_let_a_puller_sleep" {
  command = plan
  variables {
    instances = {
      cliente-service   = { min = 0, max = 3 }
      veiculo-service   = { min = 1, max = 3 }
      pagamento-service = { min = 1, max = 3 }
      orquestrador      = { min = 1, max = 3 }
      gateway           = { min = 0, max = 3 }
    }
  }
  expect_failures = [var.instances]
}

run "refuses_a_zone_for_a_region" {
  command = plan
  variables {
    region = "southamerica-east1-a"
  }
  expect_failures = [var.region]
}

run "refuses_a_secret_among_the_settings" {
  command = plan
  variables {
    settings = { pagamento-service = { PIX_CLIENT_SECRET = "in the open" } }
  }
  expect_failures = [var.settings]
}
