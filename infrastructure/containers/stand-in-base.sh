#!/usr/bin/env bash
# Makes a base image like node:24-slim out of Debian's packages, this repository's own Node and this machine's npm, for a
# machine that reaches no container registry. For prove.sh alone: nothing should be run on it in earnest.
#   infrastructure/containers/stand-in-base.sh NAME
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
NAME=$1

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# shellcheck disable=SC2016 # mmdebstrap's shell fills it in
mmdebstrap --quiet --variant=minbase --include=ca-certificates --components=main \
  --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' \
  --customize-hook='rm -rf "$1"/var/lib/apt/lists/* "$1"/var/cache/apt/*' \
  bookworm "$work/debian.tar"

# what the official image has in /usr/local, and where
mkdir -p "$work/local/bin" "$work/local/lib/node_modules" "$work/local/etc"
cp "$(readlink -f "$ROOT/node_modules/node/bin/node")" "$work/local/bin/node"
cp -RL "$(npm root --global)/npm" "$work/local/lib/node_modules/npm"
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$work/local/bin/npm"
# whom this machine trusts, since its way to the packages may be signed by its own authority
cp /etc/ssl/certs/ca-certificates.crt "$work/local/etc/machine-ca.crt"
echo 'cafile=/usr/local/etc/machine-ca.crt' >"$work/local/etc/npmrc"
printf '#!/bin/sh\nexec "$@"\n' >"$work/local/bin/docker-entrypoint.sh"
chmod 755 "$work/local/bin/docker-entrypoint.sh"

cat >"$work/Dockerfile" <<'END'
FROM scratch
ADD debian.tar /
COPY local /usr/local
RUN groupadd --gid 1000 node && useradd --uid 1000 --gid node --shell /bin/bash --create-home node
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["node"]
END
buildah build --quiet --format docker --isolation chroot --tag "$NAME" "$work"
