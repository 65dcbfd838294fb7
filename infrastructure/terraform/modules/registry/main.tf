# Where images are kept. Ten of them stay whatever their age, so that a rollback always finds its image.

resource "google_artifact_registry_repository" "this" {
  repository_id = "mercado-veiculo"
  location      = var.location
  format        = "DOCKER"
  description   = "Images of Mercado Veículo"

  cleanup_policies {
    id     = "keep-the-last-ten"
    action = "KEEP"

    most_recent_versions {
      keep_count = 10
    }
  }

  cleanup_policies {
    id     = "delete-after-a-month"
    action = "DELETE"

    condition {
      tag_state  = "ANY"
      older_than = "2592000s"
    }
  }

  vulnerability_scanning_config {
    enablement_config = "INHERITED"
  }
}
