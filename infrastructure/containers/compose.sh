#!/usr/bin/env bash
# `make build`, `up`, `stop`, `logs`, and the containers' part of `make clean`: what each says to Docker Compose.
#   infrastructure/containers/compose.sh build|up|stop|logs|clean
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

refuse() {
  printf '%s\n' "$*" >&2
  exit 1
}

NO_DOCKER="Without it, 'make dev' starts the whole system, and 'make cluster' many processes on Google's emulator."

# The plugin of today, else the program of before.
find_compose() {
  command -v docker >/dev/null 2>&1 || return 1
  if docker compose version >/dev/null 2>&1; then
    COMPOSE=(docker compose)
  elif command -v docker-compose >/dev/null 2>&1; then
    COMPOSE=(docker-compose)
  else
    return 1
  fi
}

need_docker() {
  command -v docker >/dev/null 2>&1 || refuse "Docker is not installed here. $NO_DOCKER"
  find_compose || refuse "Docker Compose is not installed here: https://docs.docker.com/compose/install. $NO_DOCKER"
  docker info >/dev/null 2>&1 || refuse "Docker is installed, but its engine does not answer: it is not started, or you may not use it. $NO_DOCKER"
}

up() {
  local command=("${COMPOSE[@]}" up --detach)
  [[ ${COMPOSE[0]} == docker-compose ]] || command+=(--wait --wait-timeout 300) # the program of before can't
  "${command[@]}" ||
    refuse "Not everything came up. 'make logs' shows what they say; a port that is taken can be changed: PORT_POSTGRES=5433 make up"
  printf '%s\n' "Mercado Veículo is running: http://127.0.0.1:${PORT_GATEWAY:-8000}/docs" \
    "'make logs' shows what it says, 'make stop' stops it and keeps its data. docs/containers.md tells the rest."
}

# Silent where there is nothing: `make clean` is also for those without Docker.
clean() {
  if ! find_compose || ! docker info >/dev/null 2>&1; then return 0; fi
  "${COMPOSE[@]}" --profile test down --volumes --remove-orphans
  docker image rm --force "mercado-veiculo:${TAG:-local}" >/dev/null 2>&1 || true
}

case ${1:-} in
  build) need_docker && "${COMPOSE[@]}" build ;;
  up) need_docker && up ;;
  stop) need_docker && "${COMPOSE[@]}" --profile test stop ;;
  logs) need_docker && "${COMPOSE[@]}" logs --follow --tail=100 ;;
  clean) clean ;;
  *) refuse 'usage: infrastructure/containers/compose.sh build|up|stop|logs|clean' ;;
esac
