# shellcheck shell=bash
# The common part of every command: messages, refusals, settings, and the calls of gcloud and terraform.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
TERRAFORM_DIR="$ROOT/infrastructure/terraform"
SETTINGS_FILE=${SETTINGS_FILE:-$ROOT/infrastructure/.settings}
DATABASE_SECRET=mercado-database-admin

# In the order of a rollout: those that answer before the one that asks, the public door last.
DATABASE_SERVICES=(cliente-service veiculo-service pagamento-service identidade-service avisos-service orquestrador)
# shellcheck disable=SC2034 # deploy-code.sh uses it
SERVICES=("${DATABASE_SERVICES[@]}" web gateway)

APIS=(
  artifactregistry.googleapis.com billingbudgets.googleapis.com cloudkms.googleapis.com
  cloudresourcemanager.googleapis.com compute.googleapis.com iam.googleapis.com iamcredentials.googleapis.com
  iap.googleapis.com logging.googleapis.com monitoring.googleapis.com pubsub.googleapis.com run.googleapis.com
  secretmanager.googleapis.com servicenetworking.googleapis.com sqladmin.googleapis.com storage.googleapis.com sts.googleapis.com
)

say() { printf '%s\n' "$*"; }
step() { printf '\n==> %s\n' "$*"; }
refuse() {
  printf '\n%s\n' "$*" >&2
  exit 1
}

((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 404)) || refuse 'This needs bash 4.4 or newer; macOS brings an older one.'

need() {
  local tool
  for tool in "$@"; do
    command -v "$tool" >/dev/null 2>&1 || refuse "This needs $tool, which is not installed. See docs/deploy.md, \"What you need\"."
  done
}

need_login() {
  local account
  account=$(gcloud auth list --filter=status:ACTIVE --format='value(account)' 2>/dev/null || true)
  [[ -n $account ]] || refuse 'Nobody is logged in to Google Cloud. Run: gcloud auth login'
  say "Logged in as $account"
}

# Terraform has a login of its own.
need_terraform_login() {
  [[ -n ${GOOGLE_APPLICATION_CREDENTIALS:-} ]] && return
  gcloud auth application-default print-access-token >/dev/null 2>&1 ||
    refuse 'Terraform may not act for you yet. Run: gcloud auth application-default login'
}

valid() { # valid NAME VALUE: refuses what could not be one, before it reaches a command
  case $1 in
    PROJECT_ID) [[ $2 =~ ^[a-z][a-z0-9-]{4,28}[a-z0-9]$ ]] ;;
    REGION) [[ $2 =~ ^[a-z]+-[a-z]+[0-9]+$ ]] ;;
    ENVIRONMENT) [[ $2 == dev || $2 == prod ]] ;;
    *) return 1 ;;
  esac
}

# PROJECT_ID, REGION and ENVIRONMENT: from the environment, or as `make setup` wrote them down. The file is read, not run.
read_settings() {
  local name value
  if [[ -f $SETTINGS_FILE ]]; then
    while IFS='=' read -r name value; do
      valid "$name" "$value" || continue
      [[ -n ${!name:-} ]] || printf -v "$name" '%s' "$value"
    done <"$SETTINGS_FILE"
  fi
  PROJECT_ID=${PROJECT_ID:-} REGION=${REGION:-} ENVIRONMENT=${ENVIRONMENT:-}
}

need_settings() {
  local name
  read_settings
  for name in PROJECT_ID REGION ENVIRONMENT; do
    [[ -n ${!name} ]] || refuse "It is not said which project to use. Run: make setup"
    valid "$name" "${!name}" || refuse "$name=${!name} can't be right. Run: make setup"
  done
  # shellcheck disable=SC2034 # deploy-code.sh uses it
  REGISTRY="$REGION-docker.pkg.dev/$PROJECT_ID/mercado-veiculo"
  STATE_BUCKET="$PROJECT_ID-mercado-tfstate"
  say "Project $PROJECT_ID, region $REGION, environment $ENVIRONMENT"
}

cloud() { gcloud "$@" --project="$PROJECT_ID" --quiet; }
# In front of what follows --container, which would take them for the container's.
run() { gcloud run "$1" "$2" --region="$REGION" --project="$PROJECT_ID" --quiet "${@:3}"; }
terraform_here() { terraform -chdir="$TERRAFORM_DIR" "$@"; }

enable_apis() {
  step "Google's APIs"
  cloud services enable "${APIS[@]}"
  # Pub/Sub's own account, which dead letters are moved by, is made on first use: Terraform names it before that
  cloud beta services identity create --service=pubsub.googleapis.com
}

terraform_init() {
  terraform_here init -input=false -reconfigure \
    -backend-config="bucket=$STATE_BUCKET" -backend-config="prefix=mercado-veiculo/$ENVIRONMENT" >/dev/null
}

# The database's password goes from Secret Manager into this process's environment and into no file.
terraform_inputs() {
  TF_VAR_database_admin_password=$(cloud secrets versions access latest --secret="$DATABASE_SECRET") ||
    refuse "The database's password is missing. Run: make setup"
  TF_VAR_database_admin_password_version=$(cloud secrets versions list "$DATABASE_SECRET" \
    --sort-by=~createTime --limit=1 --format='value(name.basename())')
  export TF_VAR_database_admin_password TF_VAR_database_admin_password_version
  export TF_VAR_project_id=$PROJECT_ID TF_VAR_region=$REGION
}

# shellcheck disable=SC2120 # most commands apply everything
terraform_apply() {
  local approve=()
  [[ ${AUTO_APPROVE:-} == true ]] && approve=(-auto-approve)
  terraform_here apply -var-file="environments/$ENVIRONMENT.tfvars" "${approve[@]}" "$@" ||
    refuse 'Terraform stopped before it was done. What it made stands; mend what it names and run the same command again.'
}

# shellcheck disable=SC2120
terraform_destroy() {
  terraform_here destroy -var-file="environments/$ENVIRONMENT.tfvars" -auto-approve "$@" ||
    refuse 'Terraform stopped before everything was gone. Mend what it names and run the same command again.'
}

confirm_by_name() {
  local typed=
  say "$1"
  printf 'Type the name of the project (%s) to go on: ' "$PROJECT_ID"
  read -r typed || true
  [[ $typed == "$PROJECT_ID" ]] || refuse 'That is not its name. Nothing was changed.'
}

need_unprotected_database() {
  local protected
  protected=$(cloud sql instances list --format='value(settings.deletionProtectionEnabled)' 2>/dev/null || true)
  [[ $protected != *True* ]] || refuse "The database is protected against deletion. If you mean it: set deletion_protection = false in
infrastructure/terraform/environments/$ENVIRONMENT.tfvars, run make deploy-sql, then this again. Nothing was changed."
}
