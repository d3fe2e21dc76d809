#!/bin/sh
# Looks at nodes, Flux, Pods, volumes, backups and Ceph. One line per finding; exit code 1 if there is any, 75 without a cluster.
set -u
kubectl version >/dev/null 2>&1 || { echo 'no cluster'; exit 75; }
findings=$(mktemp)
trap 'rm -f "$findings"' EXIT

kubectl get nodes --no-headers | awk '$2 != "Ready" { print "node " $1 " is " $2 }' >> "$findings"
kubectl get kustomizations.kustomize.toolkit.fluxcd.io,helmreleases.helm.toolkit.fluxcd.io -A \
  -o jsonpath='{range .items[*]}{.kind} {.metadata.namespace}/{.metadata.name} {.status.conditions[?(@.type=="Ready")].status}{"\n"}{end}' |
  awk '$3 != "True" { print $1 " " $2 " is not ready" }' >> "$findings"
kubectl get pods -A --no-headers | awk '$4 != "Running" && $4 != "Completed" { print "pod " $1 "/" $2 " is " $4 }' >> "$findings"
kubectl get pvc -A --no-headers | awk '$3 != "Bound" { print "claim " $1 "/" $2 " is " $3 }' >> "$findings"
kubectl -n rook-ceph get cephcluster -o jsonpath='{range .items[*]}{.status.ceph.health}{"\n"}{end}' |
  awk '$1 != "HEALTH_OK" { print "ceph is " $1 }' >> "$findings"
kubectl -n velero get backups.velero.io -o jsonpath='{range .items[*]}{.metadata.name} {.status.phase}{"\n"}{end}' |
  awk '$2 == "Failed" || $2 == "PartiallyFailed" { print "backup " $1 " is " $2 }' >> "$findings"

cat "$findings"
[ ! -s "$findings" ]
