/** Priority Applications: Flux Web UI, Uptime Kuma, Immich, in this order, as protected as everything else by now. */
import { Repository } from '../../checks/lib/repository.mjs';
import { ensureNamespace, ownerOfChart, place, register } from '../lib/apps.mjs';
import { closedNamespaces, describeTraffic, protect } from '../lib/network-policies.mjs';
import { YamlFile } from '../lib/yaml-file.mjs';

export default function deployApplications() {
  const database = ownerOfChart('cloudnative-pg');
  if (!database) throw new Error('Immich needs CloudNativePG, which nothing here deploys');
  openFluxWebUi();
  ensureNamespace('media');
  place('8.1', { CNPG_NAME: database.name, CNPG_NAMESPACE: database.namespace });
  register('monitoring', 'uptime-kuma', 'uptime-kuma');
  register('media', 'immich');
  for (const namespace of closedNamespaces().filter(({ name }) => ['media', 'monitoring'].includes(name)))
    protect(namespace);
  describeTraffic();
  return {
    summary: 'The Web UI of Flux, Uptime Kuma and Immich, with their claims on Ceph and their policies.',
    notes: [
      'The Web UI asks for no password: it is reachable from inside only.',
      'More applications: docs/applications/backlog.md, as time permits.',
    ],
  };
}

/** The Web UI is a part of flux-operator from 0.36 on. Its own policy would let in nothing but the UI, so probes and metrics go by ours. */
function openFluxWebUi() {
  const release = new Repository().helmReleases().find(({ chart }) => chart === 'flux-operator');
  YamlFile.edit(release.path, (file) => {
    const source = file.documents.findIndex((_, doc) => file.value(doc, ['kind']) === 'OCIRepository');
    file.set(source, ['spec', 'ref', 'tag'], '0.49.0');
  });
  const { path, doc, keys } = release.valuesAt;
  const host = { host: 'flux.${SECRET_DOMAIN}', paths: [{ path: '/', pathType: 'Prefix' }] };
  YamlFile.edit(path, (file) => {
    file.ensure(doc, [...keys, 'web'], {
      enabled: true,
      networkPolicy: { create: false },
      ingress: { enabled: true, className: 'internal', hosts: [host] },
    });
  });
}
