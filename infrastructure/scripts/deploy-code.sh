#!/usr/bin/env bash
# `make deploy-code`: builds the image, migrates, and moves traffic to it in steps. When a step fails, it goes back.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

STAGES=(10 50 100)
STAGE_SECONDS=${STAGE_SECONDS:-60}
MOVED=() # "service revision-before", for the way back

need gcloud docker git
need_login
need_settings

tag() {
  local commit
  commit=$(git -C "$ROOT" rev-parse --short=12 HEAD)
  # what is not committed has no name of its own: the time gives it one
  [[ -z $(git -C "$ROOT" status --porcelain) ]] || commit="$commit-$(date -u +%Y%m%d%H%M%S)"
  printf '%s' "$commit"
}

build() {
  step "The image $IMAGE"
  if cloud artifacts docker images describe "$IMAGE" --format='value(image_summary.digest)' >/dev/null 2>&1; then
    say 'It is in the registry already.'
    return
  fi
  gcloud auth configure-docker "$REGION-docker.pkg.dev" --quiet
  docker build --platform=linux/amd64 --tag="$IMAGE" "$ROOT"
  docker push "$IMAGE"
}

migrate() {
  local service
  step "Each service's right to its own database"
  run jobs execute database-grants --wait
  for service in "${DATABASE_SERVICES[@]}"; do
    step "Migrations of $service"
    run jobs update "migrate-$service" --image="$IMAGE"
    run jobs execute "migrate-$service" --wait
    run jobs update "rotate-keys-$service" --image="$IMAGE"
  done
  run jobs update staff --image="$IMAGE"
}

healthy() { # healthy REVISION: still ready, and no error logged
  local ready errors
  ready=$(run revisions describe "$1" --format='value(status.conditions[0].status)') || return 1
  [[ $ready == True ]] || return 1
  errors=$(cloud logging read "resource.type=cloud_run_revision AND resource.labels.revision_name=$1 AND severity>=ERROR" \
    --freshness=1h --limit=1 --format='value(insertId)') || return 1
  [[ -z $errors ]]
}

# The revision with the largest share of the traffic that is not LATEST; LATEST when it has all of it. Whatever was broken
# off in the middle of a roll-out, the way back leads to what served before it.
serving() { # serving SERVICE LATEST
  local revision percent most=0 found=$2
  while read -r revision percent; do
    if [[ $revision != "$2" && ${percent:-0} -gt $most ]]; then found=$revision most=$percent; fi
  done < <(run services describe "$1" --flatten='status.traffic[]' \
    --format='csv[no-heading,separator=" "](status.traffic.revisionName,status.traffic.percent)')
  printf '%s' "$found"
}

# starts SERVICE: what its container runs, as main.tf has it
starts() {
  if [[ $1 == web ]]; then printf 'web/main.ts'; else printf 'app/service.ts,%s' "$1"; fi
}

# Every line says what a failure means: nothing here is run under `set -e`, since the caller asks for the outcome.
roll_out() {
  local service=$1 before latest image revision share traffic
  step "$service"
  latest=$(run services describe "$service" --format='value(status.latestCreatedRevisionName)') || return 1
  [[ -n $latest ]] || return 1
  before=$(serving "$service" "$latest") || return 1
  image=$(run revisions describe "$before" --format='value(spec.containers[0].image)') || return 1
  if [[ $image == "$IMAGE" && $latest == "$before" ]]; then
    say 'It runs this image already.'
    return 0
  fi
  # Cloud Run calls a revision ready when /ready has answered: database, migrations and bus.
  run services update "$service" --no-traffic --container=app --image="$IMAGE" --command=node \
    --args="$(starts "$service")" || return 1
  revision=$(run services describe "$service" --format='value(status.latestCreatedRevisionName)') || return 1
  MOVED+=("$service $before")
  for share in "${STAGES[@]}"; do
    traffic="$revision=$share"
    [[ $share -eq 100 ]] || traffic+=",$before=$((100 - share))"
    run services update-traffic "$service" --to-revisions="$traffic" || return 1
    sleep "$STAGE_SECONDS"
    healthy "$revision" || return 1
    say "$share % go to $revision"
  done
}

roll_back() {
  local index service before failed=0
  step 'Taking it back'
  for ((index = ${#MOVED[@]} - 1; index >= 0; index--)); do
    read -r service before <<<"${MOVED[index]}"
    run services update-traffic "$service" --to-revisions="$before=100" || failed=1
  done
  [[ $failed -eq 0 ]] || refuse 'Not everything could be taken back. Look at the traffic of each service: make info'
  refuse 'The new code was not healthy. All traffic is where it was before; migrations stay, the old code can live with them.'
}

IMAGE="$REGISTRY/app:${IMAGE_TAG:-$(tag)}"
build
migrate
for service in "${SERVICES[@]}"; do
  if ! roll_out "$service"; then roll_back; fi
done
step "All services run $IMAGE"
