#!/usr/bin/env bash
# `make info`: what runs where. Reads, changes nothing.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

need gcloud terraform
need_login
need_settings

step 'Services'
run services list --format='table(metadata.name, status.latestReadyRevisionName, status.traffic[].percent.list():label=TRAFFIC, status.conditions[0].status:label=READY)' ||
  say 'They can not be seen.'

step 'Database'
cloud sql instances list --format='table(name, databaseVersion, state, settings.tier, settings.availabilityType)' ||
  say 'It can not be seen.'

step 'Addresses'
if ! { terraform_init && terraform_here output; }; then
  say 'Nothing has been deployed from here yet: make deploy'
fi
