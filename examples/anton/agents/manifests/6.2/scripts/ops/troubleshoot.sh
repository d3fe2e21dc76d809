#!/bin/sh
# Collects what a slow or failing namespace has to tell: ./troubleshoot.sh NAMESPACE
set -u
namespace=${1:?which namespace?}
section() { printf '\n== %s\n' "$1"; }

section 'Events';              kubectl -n "$namespace" get events --sort-by=.lastTimestamp | tail -20
section 'Restarts';            kubectl -n "$namespace" get pods --sort-by='.status.containerStatuses[0].restartCount'
section 'Usage';               kubectl -n "$namespace" top pods --containers --sort-by=memory
section 'Out of memory';       kubectl -n "$namespace" get pods -o jsonpath='{range .items[*]}{.metadata.name} {.status.containerStatuses[*].lastState.terminated.reason}{"\n"}{end}' | grep OOMKilled
section 'Denied connections';  kubectl -n kube-system exec ds/cilium -- cilium-dbg monitor --type drop --related-to "$namespace" 2>/dev/null | head -20
section 'Volumes';             kubectl -n "$namespace" get pvc
section 'Slow disks';          kubectl -n rook-ceph exec deploy/rook-ceph-tools -- ceph osd perf
