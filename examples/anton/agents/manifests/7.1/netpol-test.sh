#!/bin/sh
# Probes every line of netpol-matrix.tsv from a Pod of its namespace. Exit code 1 if one is not as expected.
# A refused probe proves something only if the target can be reached at all: the control asks from kube-system, which is open.
set -u
here=$(dirname "$0")
failed=0
probe() {
  kubectl -n "$1" run "netpol-probe-$$" --rm -i --restart=Never --quiet --image=busybox:1.37 \
    --overrides='{"spec":{"securityContext":{"runAsNonRoot":true,"runAsUser":65534,"seccompProfile":{"type":"RuntimeDefault"}}}}' \
    -- nc -z -w 3 "$2" "$3" >/dev/null 2>&1
}
while IFS="$(printf '\t')" read -r namespace host port expect; do
  [ "$namespace" = namespace ] && continue
  if ! probe kube-system "$host" "$port" </dev/null; then echo "control: $host:$port does not answer anybody"; failed=1; continue; fi
  if probe "$namespace" "$host" "$port" </dev/null; then got=allow; else got=deny; fi
  [ "$got" = "$expect" ] && continue
  echo "$namespace -> $host:$port: expected $expect, got $got"
  failed=1
done < "$here/netpol-matrix.tsv"
exit $failed
