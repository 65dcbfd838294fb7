#!/usr/bin/env bash
# `make destroy`: everything that Terraform made, data included, but the keys. A key ring can't be deleted, nor made again
# under its name, so it stays in the state too; with it stay the state's bucket and the secret of `make setup`.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

need gcloud terraform
need_login
need_terraform_login
need_settings
need_unprotected_database
confirm_by_name "This deletes EVERYTHING of $ENVIRONMENT in $PROJECT_ID: services, messages, the database and its backups."

terraform_init
terraform_inputs
modules=()
for module in edge delivery monitoring services messaging secrets registry sql storage identities; do
  modules+=("-target=module.$module")
done
terraform_destroy "${modules[@]}"
# Cloud Run gives its addresses back an hour or two after the services are gone; until then the subnetwork is in use
terraform_here destroy -var-file="environments/$ENVIRONMENT.tfvars" -auto-approve -target=module.network ||
  refuse 'All is gone but the network: Google still holds addresses of the deleted services in it. Run the same command again in two hours.'
step "Gone. What stays: gs://$STATE_BUCKET, the secret $DATABASE_SECRET and the keys"
