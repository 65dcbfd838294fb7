#!/usr/bin/env bash
# Builds the Dockerfile without a Docker engine, by Debian's buildah, and runs what came out as docker-compose.yml says: eight
# containers from the image's own file system, read-only and as its own user, beside a real PostgreSQL and Google's emulator, in
# a network of their own (tests/containers/image.test.ts).
#   infrastructure/containers/prove.sh                                on a stand-in for node:24-slim, made here
#   infrastructure/containers/prove.sh docker.io/library/node:24-slim on the real one
# Needs root, Linux, buildah, mmdebstrap (for the stand-in), iproute2, and what `npm test` needs for the emulator.
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ROOT=$(cd "$HERE/../.." && pwd)
NODE=$ROOT/node_modules/.bin/node
BASE=${1:-localhost/stand-in-for-node:24-slim}
IMAGE=localhost/mercado-veiculo:proof

refuse() {
  printf '%s\n' "$*" >&2
  exit 1
}

[[ $(id -u) = 0 ]] || refuse 'This mounts file systems: run it as root.'
command -v buildah >/dev/null || refuse 'This needs buildah: apt-get install buildah'
if [[ $BASE == localhost/stand-in-* ]]; then
  command -v mmdebstrap >/dev/null || refuse 'This needs mmdebstrap: apt-get install mmdebstrap'
fi

# a store of its own, that needs no driver of the kernel; the stand-in stays in it for the next time
STORE=${PROOF_STORE:-/var/tmp/mercado-veiculo-proof}
mkdir -p "$STORE"
printf '[storage]\ndriver = "vfs"\ngraphroot = "%s/images"\nrunroot = "%s/run"\n' "$STORE" "$STORE" >"$STORE/storage.conf"
export CONTAINERS_STORAGE_CONF=$STORE/storage.conf

if [[ $BASE == localhost/stand-in-* ]] && ! buildah inspect --type image "$BASE" >/dev/null 2>&1; then
  echo "==> The stand-in $BASE"
  "$HERE/stand-in-base.sh" "$BASE"
fi

echo "==> The image, on $BASE"
# OCI's own format has no health check
buildah build --layers --format docker --isolation chroot --build-arg "BASE=$BASE" --tag "$IMAGE" "$ROOT"

container=$(buildah from --pull-never "$IMAGE")
trap 'buildah umount "$container" >/dev/null; buildah rm "$container" >/dev/null' EXIT
IMAGE_ROOT=$(buildah mount "$container")
IMAGE_CONFIG=$(buildah inspect --type image "$IMAGE" | "$NODE" -p 'JSON.stringify(JSON.parse(fs.readFileSync(0)).Docker.config)')
export IMAGE_ROOT IMAGE_CONFIG

echo '==> Its size, uncompressed, in MB'
base_root=$(buildah mount "$(buildah from --pull-never --name proof-base "$BASE")")
size() { du --summarize --apparent-size --bytes "$@" | awk '{ bytes += $1 } END { printf "%6.1f", bytes / 1e6 }'; }
echo "  $(size "$base_root")  the base, $BASE"
echo "  $(size "$IMAGE_ROOT/app/node_modules")  packages"
echo "  $(size --exclude=node_modules "$IMAGE_ROOT/app")  our own files"
echo "  $(size "$IMAGE_ROOT")  what is seen in the image"
buildah push --quiet "$IMAGE" "oci:$STORE/compressed" >/dev/null
echo "  $(size "$STORE/compressed")  all layers, compressed, as they would be pushed"
rm -r "$STORE/compressed"
buildah umount proof-base >/dev/null
buildah rm proof-base >/dev/null

echo '==> Running it'
cd "$ROOT"
unshare --net -- sh -c 'ip link set lo up && exec "$@"' sh "$NODE" --test tests/containers/image.test.ts
