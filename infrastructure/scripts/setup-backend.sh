#!/usr/bin/env bash
# `make setup-backend`: the bucket that keeps Terraform's state, with every earlier version of it.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

need gcloud terraform
need_login
need_terraform_login
need_settings

step "The bucket gs://$STATE_BUCKET"
if cloud storage buckets describe "gs://$STATE_BUCKET" --format='value(name)' >/dev/null 2>&1; then
  say 'It is there.'
else
  cloud storage buckets create "gs://$STATE_BUCKET" --location="$REGION" \
    --uniform-bucket-level-access --public-access-prevention
fi
cloud storage buckets update "gs://$STATE_BUCKET" --versioning

step 'Terraform'
terraform_init
say 'Ready. Next: make deploy'
