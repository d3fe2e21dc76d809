#!/bin/sh
# Waits until Flux has applied the newest commit.
set -eu
flux reconcile source git flux-system
flux get kustomizations -A --status-selector ready=false
