#!/usr/bin/env bash
# Runs a command in an image's file system as this would, but on the caller's network, with names from the file HOSTS:
#   docker run --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges --volume DATA:/data IMAGE COMMAND
#   run-image.sh IMAGE_ROOT USER_ID GROUP_ID DATA HOSTS COMMAND…
# It is replaced by `unshare`, whose only child is the container's first process. The environment is the caller's.
set -euo pipefail

# shellcheck disable=SC2016 # for the shell inside
exec unshare --mount --pid --fork --kill-child -- bash -c '
  set -euo pipefail
  root=$1 user=$2 group=$3 data=$4 hosts=$5
  shift 5
  mount --bind "$root" "$root"
  mount --bind "$data" "$root/data"
  [[ -e $root/etc/hosts ]] || touch "$root/etc/hosts"
  mount --bind "$hosts" "$root/etc/hosts"
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
