#!/bin/sh
# What will be full, and when: asks Prometheus (PROMETHEUS_URL, by default through kubectl port-forward on 9090).
set -eu
url=${PROMETHEUS_URL:-http://localhost:9090}
ask() {
  printf '\n== %s\n' "$1"
  curl -fsS --get "$url/api/v1/query" --data-urlencode "query=$2" | jq -r '.data.result[] | [(.metric | del(.__name__) | tostring), .value[1]] | @tsv'
}
ask 'Disks that are full within 30 days'    'predict_linear(node_filesystem_avail_bytes{fstype!~"tmpfs|overlay"}[7d], 30 * 86400) < 0'
ask 'Ceph, used share'                      'ceph_cluster_total_used_bytes / ceph_cluster_total_bytes'
ask 'Requested CPU, share of each node'     'sum by (node) (kube_pod_container_resource_requests{resource="cpu"}) / sum by (node) (kube_node_status_allocatable{resource="cpu"})'
ask 'Requested memory, share of each node'  'sum by (node) (kube_pod_container_resource_requests{resource="memory"}) / sum by (node) (kube_node_status_allocatable{resource="memory"})'
