#!/usr/bin/env bash
# `make deploy-sql`: the database and what it stands on, without touching what runs.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

need gcloud terraform
need_login
need_terraform_login
need_settings

step 'The database'
terraform_init
terraform_inputs
terraform_apply -target=module.sql

if run jobs describe database-grants --format='value(name)' >/dev/null 2>&1; then
  step "Each service's right to its own database"
  run jobs execute database-grants --wait
fi
