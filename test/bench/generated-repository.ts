/** A repository of any size in the shape of the real ones: namespaces of applications that wait for each other. */

/** Documents of one application, and of one namespace besides. */
const perApp = 9;
const perNamespace = 2;
const appsPerNamespace = 10;

/** Files and their texts, with exactly as many documents. */
export function* generatedRepository(documents: number): Generator<readonly [string, string]> {
  // Two of the root; what is left over is filled up.
  const apps = Math.floor((documents - 2 - perNamespace) / (perApp + perNamespace / appsPerNamespace));
  yield ['flux/root.yaml', root];
  const namespaces = Math.ceil(apps / appsPerNamespace);
  let made = 2;
  for (let namespace = 0; namespace < namespaces; namespace++) {
    const first = namespace * appsPerNamespace;
    const names = Array.from({ length: Math.min(appsPerNamespace, apps - first) }, (_, at) => `app-${first + at}`);
    const listed = names.map((name) => `  - ${name}/ks.yaml\n`).join('');
    yield [
      `apps/ns-${namespace}/kustomization.yaml`,
      kustomization(`ns-${namespace}`, `  - namespace.yaml\n${listed}`),
    ];
    yield [
      `apps/ns-${namespace}/namespace.yaml`,
      `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ns-${namespace}\n`,
    ];
    made += perNamespace;
    for (const [at, name] of names.entries()) {
      yield* appFiles(`apps/ns-${namespace}/${name}`, name, `ns-${namespace}`, at === 0 ? undefined : names[at - 1]);
      made += perApp;
    }
  }
  const rest = Array.from({ length: documents - made }, (_, at) => configMap(`filler-${at}`)).join('---\n');
  if (rest !== '') yield ['docs/rest.yaml', rest];
}

const root = `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: flux-system, namespace: flux-system }
spec: { interval: 1h, url: https://example.invalid/home.git, ref: { branch: main } }
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: apps, namespace: flux-system }
spec:
  interval: 1h
  retryInterval: 1m
  timeout: 5m
  path: ./apps
  prune: true
  wait: true
  sourceRef: { kind: GitRepository, name: flux-system }
`;

function kustomization(namespace: string | undefined, resources: string): string {
  const line = namespace === undefined ? '' : `namespace: ${namespace}\n`;
  return `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n${line}resources:\n${resources}`;
}

function configMap(name: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  LEVEL: info\n  TARGET: http://${name}.example.invalid\n`;
}

function* appFiles(
  folder: string,
  name: string,
  namespace: string,
  after: string | undefined,
): Generator<readonly [string, string]> {
  const dependsOn = after === undefined ? '' : `  dependsOn:\n    - name: ${after}\n`;
  yield [
    `${folder}/ks.yaml`,
    `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: ${name}
spec:
  interval: 1h
  retryInterval: 1m
  timeout: 5m
  path: ./${folder}/app
  prune: true
  wait: true
  targetNamespace: ${namespace}
  sourceRef: { kind: GitRepository, name: flux-system, namespace: flux-system }
${dependsOn}`,
  ];
  yield [
    `${folder}/app/kustomization.yaml`,
    kustomization(undefined, '  - release.yaml\n  - settings.yaml\n  - workload.yaml\n'),
  ];
  yield [`${folder}/app/release.yaml`, release(name)];
  yield [`${folder}/app/settings.yaml`, [1, 2, 3].map((at) => configMap(`${name}-settings-${at}`)).join('---\n')];
  yield [`${folder}/app/workload.yaml`, workload(name)];
}

function release(name: string): string {
  return `apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata:
  name: ${name}
spec:
  interval: 1h
  url: oci://example.invalid/charts/${name}
  ref: { tag: 1.2.3 }
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: ${name}
spec:
  interval: 1h
  timeout: 5m
  chartRef: { kind: OCIRepository, name: ${name} }
  install: { remediation: { retries: 3 } }
  upgrade: { remediation: { retries: 3 } }
  values:
    image: { repository: example.invalid/${name}, tag: 1.2.3 }
    env:
      LEVEL: info
      HOST: "{{ .Release.Name }}.example.invalid"
    resources:
      requests: { cpu: 10m, memory: 64Mi }
      limits: { memory: 128Mi }
    ingress:
      enabled: true
      hosts:
        - host: ${name}.example.invalid
          paths: [{ path: /, pathType: Prefix }]
`;
}

function workload(name: string): string {
  return `apiVersion: v1
kind: Service
metadata:
  name: ${name}-side
spec:
  selector: { app: ${name}-side }
  ports:
    - { name: http, port: 80, targetPort: 8080 }
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}-side
spec:
  selector:
    matchLabels: { app: ${name}-side }
  template:
    metadata:
      labels: { app: ${name}-side }
    spec:
      containers:
        - name: side
          image: example.invalid/side:1.2.3
          envFrom:
            - configMapRef: { name: ${name}-settings-1 }
          ports:
            - containerPort: 8080
          resources:
            requests: { cpu: 10m, memory: 32Mi }
            limits: { memory: 64Mi }
`;
}
