# Write-only arguments and ephemeral variables need Terraform 1.11. The provider's version is the one whose schema
# provider-schema.json holds: what the tests check against is what is used.
terraform {
  required_version = ">= 1.11.0"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 6.50.0"
    }
  }

  # The bucket and the prefix (the environment) come from infrastructure/scripts/common.sh at `terraform init`.
  backend "gcs" {}
}

provider "google" {
  project = var.project_id
  region  = var.region

  # Budgets are billed to the project that asks, not to gcloud's own.
  user_project_override = true
  billing_project       = var.project_id

  default_labels = {
    application = "mercado-veiculo"
    environment = var.environment
  }
}
