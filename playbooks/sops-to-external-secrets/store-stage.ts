/** First stage: the store, in a Kustomization of its own behind the operator, and the pages that say what a person does. */
import type { FluxKustomization } from '../../gitops/flux/flux-kustomization.js';
import { nonEmpty, valueAt } from '../../gitops/manifests/fields.js';
import { groupBy } from '../../gitops/manifests/group-by.js';
import { objectText } from '../../gitops/manifests/object-id.js';
import { declaredFlux } from '../../gitops/model/declared-flux.js';
import type { Repository } from '../../gitops/model/repository.js';
import type { YamlValue } from '../../gitops/yaml/yaml-edit.js';
import type { PlaybookStep, StageWork } from '../playbook.js';
import { documentSteps } from './documents.js';
import { yamlFile } from './external-secret.js';
import type { Parameters } from './parameters.js';
import { bringersOf, findStore, newFolder, type Store } from './store.js';
import { type Kept, surveyOf } from './survey.js';

export function storeStage(repository: Repository, parameters: Parameters): StageWork {
  const store = findStore(repository, parameters);
  const survey = surveyOf(repository, parameters, store);
  const notes = keptNotes(survey.kept);
  if (typeof store === 'string' || survey.moves.length === 0)
    return { steps: documentSteps(repository, parameters, survey, undefined), notes };
  return {
    steps: [
      ...(store.owner ? [] : newStore(repository, store, parameters)),
      ...documentSteps(repository, parameters, survey, store),
    ],
    notes,
  };
}

/** One for each reason. */
function keptNotes(kept: readonly Kept[]): readonly string[] {
  const byReason = groupBy(kept, ({ why, isExempt }) => `${isExempt ? 'exempt, ' : ''}${why}`);
  return [...byReason].map(([why, files]) => `${files.map(({ path }) => path).join(', ')}: ${why}`);
}

function newStore(repository: Repository, store: Store, parameters: Parameters): readonly PlaybookStep[] {
  const parent = store.parent!;
  const folder = newFolder(parent, parameters);
  const { kustomization } = parameters;
  const write = (what: string, name: string, document: object): PlaybookStep => ({
    what,
    file: `${folder}/${name}`,
    change: { kind: 'write', text: yamlFile([document]) },
  });
  return [
    write(
      `ClusterSecretStore ${store.name}: reads vault ${store.vault} of 1Password`,
      'app/clustersecretstore.yaml',
      clusterSecretStore(store, parameters),
    ),
    write('lists the store', 'app/kustomization.yaml', {
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      resources: ['./clustersecretstore.yaml'],
    }),
    write(
      `Kustomization ${store.operatorOwner.id.namespace}/${kustomization}: brings the store once ${objectText(store.operatorOwner.id)} is ready`,
      'ks.yaml',
      storeKustomization(repository, store, parameters),
    ),
    {
      what: `lists Kustomization ${kustomization}`,
      file: parent.file.path,
      change: {
        kind: 'edit',
        edits: [
          {
            op: 'insert',
            document: parent.origin.document.index,
            path: ['resources'],
            value: listed(parent.resources.map(({ text }) => text)[0], kustomization),
          },
        ],
      },
    },
  ];
}

/** As its neighbours are written, with a leading `./` or without. */
function listed(neighbour: string | undefined, folder: string): string {
  return `${neighbour?.startsWith('./') === false ? '' : './'}${folder}/ks.yaml`;
}

function clusterSecretStore(store: Store, parameters: Parameters): object {
  const { targetNamespace: namespace } = store.operator;
  const token = { name: parameters.tokenSecret, key: 'token', namespace };
  const provider =
    store.provider === 'onepassword'
      ? {
          onepassword: {
            connectHost: parameters.connectHost ?? connectHost(store),
            vaults: { [store.vault]: 1 },
            auth: { secretRef: { connectTokenSecretRef: token } },
          },
        }
      : { onepasswordSDK: { vault: store.vault, auth: { serviceAccountSecretRef: token } } };
  return {
    apiVersion: store.apiVersion,
    kind: 'ClusterSecretStore',
    metadata: { name: store.name },
    spec: { provider },
  };
}

/** The Service of Connect's chart, whose name is a value of it. */
function connectHost({ backend, operator }: Store): string {
  const name = nonEmpty(valueAt(backend?.values.value, ['connect', 'applicationName'])) ?? 'onepassword-connect';
  return `http://${name}.${(backend ?? operator).targetNamespace}.svc.cluster.local:8080`;
}

/** It is never pruned: what it brings makes the Secrets of the whole cluster. It reads no variables, which may be among them. */
function storeKustomization(repository: Repository, store: Store, { kustomization }: Parameters): object {
  const { id, spec, object } = store.operatorOwner;
  const minor = declaredFlux(repository)?.minor.split('.').map(Number);
  const isRecent = minor !== undefined && (minor[0]! > 2 || minor[1]! >= 5);
  const { kind, name, namespace } = spec.sourceRef ?? { kind: 'GitRepository', name: 'flux-system' };
  return {
    apiVersion: object.manifest?.apiVersion ?? 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { name: kustomization, namespace: id.namespace },
    spec: {
      dependsOn: bringersOf(store).map(dependencyOn),
      // A running backend proves nothing: the store has to say that it reads the vault.
      ...(isRecent && {
        healthCheckExprs: [
          {
            apiVersion: store.apiVersion,
            kind: 'ClusterSecretStore',
            current: "status.conditions.exists(e, e.type == 'Ready' && e.status == 'True')",
          },
        ],
      }),
      interval: '5m',
      path: `./${store.folder}`,
      prune: false,
      ...(isRecent && { deletionPolicy: 'Orphan' }),
      retryInterval: '2m',
      sourceRef: { kind, name, ...(namespace !== undefined && { namespace }) },
      timeout: '10m',
      wait: true,
    },
  };
}

export function dependencyOn({ id: { name, namespace } }: FluxKustomization): Readonly<Record<string, YamlValue>> {
  return { name, namespace };
}
