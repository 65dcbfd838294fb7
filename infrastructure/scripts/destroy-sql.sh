#!/usr/bin/env bash
# `make destroy-sql`: the database with all its data and backups, and the services, which can't be without it.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

need gcloud terraform
need_login
need_terraform_login
need_settings
need_unprotected_database
confirm_by_name "This deletes the database of $ENVIRONMENT in $PROJECT_ID with ALL ITS DATA AND BACKUPS, and with it the services that use it."

terraform_init
terraform_inputs
terraform_destroy -target=module.sql
step 'The database is gone. make deploy makes a new, empty one'
