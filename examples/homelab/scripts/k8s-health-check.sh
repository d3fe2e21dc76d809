#!/bin/sh
# What is not well in the cluster, at a glance.
set -u
kubectl get nodes
kubectl get pods -A | grep -v -E 'Running|Completed'
flux get kustomizations -A | grep -v True
