#!/usr/bin/env bash
# `make first-admin`: lets the first admin in, by a link that opens once; they invite the others in the office.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

need gcloud
need_login
need_settings

name='' email=''
printf 'Name of the first admin: '
read -r name || true
# a comma would part what follows from it
[[ ${#name} -ge 3 && $name != *,* ]] || refuse 'A name has three letters or more, and no comma. Nothing was changed.'
printf 'E-mail: '
read -r email || true
[[ $email =~ ^[^@[:space:],]+@[^@[:space:],]+\.[^@[:space:],]+$ ]] || refuse 'That is no e-mail address. Nothing was changed.'

step 'The link'
execution=$(run jobs execute staff --wait --format='value(metadata.name)' \
  --args="app/staff.ts,add,--name,$name,--email,$email,--role,admin") ||
  refuse 'The job failed: make deploy-code first, or see what it says in the console, Cloud Run, Jobs, staff.'
link=''
# the log may be seconds behind
for ((tries = 0; tries < ${LOG_TRIES:-30}; tries++)); do
  link=$(cloud logging read "resource.type=cloud_run_job AND labels.\"run.googleapis.com/execution_name\"=$execution AND textPayload:\"/convite/\"" \
    --freshness=1h --limit=1 --format='value(textPayload)') || link=''
  [[ -z $link ]] || break
  sleep "${LOG_SECONDS:-2}"
done
[[ -n $link ]] || refuse "The link is in the log of the execution $execution, which can not be read yet."
say "$link"
say 'It opens once, for three days: whoever has it chooses a password and works here. In production a second factor follows.'
