#!/usr/bin/env bash
# Runs a command in an image's file system as this would, but on the machine's own network:
#   docker run --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges --volume DATA:/data IMAGE COMMAND
#   run-image.sh IMAGE_ROOT USER_ID GROUP_ID DATA COMMAND…
# It is replaced by `unshare`, whose only child is the container's first process. The environment is the caller's.
set -euo pipefail

exec unshare --mount --pid --fork --kill-child -- bash -c '
  set -euo pipefail
  root=$1 user=$2 group=$3 data=$4
  shift 4
  mount --bind "$root" "$root"
  mount --bind "$data" "$root/data"
  mount -t proc proc "$root/proc"
  mount -t tmpfs tmpfs "$root/tmp"
  mount -t tmpfs tmpfs "$root/dev"
  for device in null zero random urandom; do
    touch "$root/dev/$device"
    mount --bind "/dev/$device" "$root/dev/$device"
  done
  mount -o remount,bind,ro "$root"
  exec chroot "$root" setpriv --reuid="$user" --regid="$group" --clear-groups --no-new-privs \
    --bounding-set=-all --inh-caps=-all sh -c "cd /app && exec \"\$@\"" sh "$@"
' bash "$@"
