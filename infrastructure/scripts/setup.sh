#!/usr/bin/env bash
# `make setup`: asks which project and region, checks that you may use them, enables the APIs, keeps the database's password.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

ask() { # ask NAME QUESTION DEFAULT
  local name=$1 question=$2 answer=
  local offered=${!name:-$3}
  while true; do
    printf '%s%s: ' "$question" "${offered:+ [$offered]}"
    read -r answer || refuse "No answer. Nothing was changed."
    answer=${answer:-$offered}
    valid "$name" "$answer" && break
    say "That can't be right."
  done
  printf -v "$name" '%s' "$answer"
}

keep_password() {
  local password again
  printf "Password for the database's administrator, at least 16 characters (Enter: one is made up): "
  read -rs password || refuse 'No answer. The password was not set.'
  printf '\n'
  if [[ -z $password ]]; then
    password=$(head -c 32 /dev/urandom | base64 | tr -d '/+=\n')
  else
    [[ ${#password} -ge 16 ]] || refuse 'Shorter than 16 characters. The password was not set; run make setup again.'
    printf 'The same again: '
    read -rs again || true
    printf '\n'
    [[ $password == "$again" ]] || refuse 'They differ. The password was not set; run make setup again.'
  fi
  # by standard input: an argument would show in the list of processes
  printf '%s' "$password" | cloud secrets versions add "$DATABASE_SECRET" --data-file=-
}

need gcloud
need_login
read_settings
ask PROJECT_ID 'Project id' "$(gcloud config get-value project 2>/dev/null || true)"
ask REGION 'Region' southamerica-east1
ask ENVIRONMENT 'Environment (dev or prod)' dev

step 'The project'
gcloud projects describe "$PROJECT_ID" --format='value(projectNumber)' >/dev/null 2>&1 ||
  refuse "There is no project $PROJECT_ID, or you may not see it. Nothing was changed."
printf 'PROJECT_ID=%s\nREGION=%s\nENVIRONMENT=%s\n' "$PROJECT_ID" "$REGION" "$ENVIRONMENT" >"$SETTINGS_FILE"
say "$PROJECT_ID is there; written down in ${SETTINGS_FILE#"$ROOT"/}"

enable_apis

step "The database's password"
if ! cloud secrets describe "$DATABASE_SECRET" --format='value(name)' >/dev/null 2>&1; then
  cloud secrets create "$DATABASE_SECRET" --replication-policy=user-managed --locations="$REGION"
fi
if [[ -n $(cloud secrets versions list "$DATABASE_SECRET" --filter=state:ENABLED --limit=1 --format='value(name)') ]]; then
  say 'Kept as it is.'
else
  keep_password
fi

for tool in terraform docker; do
  command -v "$tool" >/dev/null 2>&1 || say "Before you deploy, install $tool too: docs/deploy.md, \"What you need\"."
done
step 'Done. Next: make setup-backend, then make deploy'
