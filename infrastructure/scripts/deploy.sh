#!/usr/bin/env bash
# `make deploy`: everything, from an empty project to a running system. Run again, it changes what has changed.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

need gcloud terraform docker git
need_login
need_terraform_login
need_settings
enable_apis
"$ROOT/infrastructure/scripts/setup-backend.sh"

step 'The infrastructure (services that are new begin with a placeholder)'
terraform_inputs
# shellcheck disable=SC2119
terraform_apply

"$ROOT/infrastructure/scripts/deploy-code.sh"
"$ROOT/infrastructure/scripts/info.sh"
