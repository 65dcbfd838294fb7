#!/usr/bin/env bash
# `make destroy-app`: the services and the public door. The database, the messages and the keys stay.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

need gcloud terraform
need_login
need_terraform_login
need_settings
confirm_by_name "This deletes the services and the public door of $ENVIRONMENT in $PROJECT_ID. Data and messages stay, for seven days unread."

terraform_init
terraform_inputs
terraform_destroy -target=module.edge -target=module.services
step 'The services are gone. make deploy brings them back'
