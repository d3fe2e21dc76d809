/** Flux Configuration Standardization: finite retries, intervals by criticality, readiness, dependencies, timeouts. */
import { Repository } from '../../checks/lib/repository.mjs';
import { classOf, classes, neverUninstalled, slowCharts } from '../../checks/lib/conventions.mjs';
import { dangling, unmetNeeds } from '../../checks/lib/graph.mjs';
import { template, write } from '../lib/apps.mjs';
import { YamlFile } from '../lib/yaml-file.mjs';

export default function standardise() {
  const repository = new Repository();
  const kustomizations = repository.kustomizations();
  const releases = repository.helmReleases();
  repairDependencies(kustomizations);
  declareDependencies();
  for (const kustomization of kustomizations) standardiseKustomization(kustomization);
  for (const release of releases) standardiseRelease(release);
  write('docs/flux/standards.md', template('1.1/standards.md', { CLASSES: classTable(kustomizations) }));
  return {
    summary: `${kustomizations.length} Kustomizations and ${releases.length} HelmReleases follow one convention.`,
    notes: [
      'Dependencies are written with the namespace in effect, not with `metadata.namespace`.',
      'Helm no longer uninstalls operators between attempts: their CRDs hold data.',
    ],
  };
}

function standardiseKustomization({ path, doc, isRoot, object: { spec }, target }) {
  YamlFile.edit(path, (file) => {
    const { intervals } = classes[classOf(target)];
    if (!isRoot && !intervals.includes(spec.interval)) file.set(doc, ['spec', 'interval'], intervals[0]);
    file.ensure(doc, ['spec', 'retryInterval'], '2m', { after: ['prune', 'interval'] });
    file.ensure(doc, ['spec', 'timeout'], '10m', { after: ['targetNamespace', 'retryInterval'] });
    if (!isRoot && spec.wait !== true && !spec.healthChecks?.length)
      file.set(doc, ['spec', 'wait'], true, { after: ['timeout'] });
  });
}

function standardiseRelease({ path, doc, chart, object: { spec } }) {
  YamlFile.edit(path, (file) => {
    file.ensure(doc, ['spec', 'timeout'], slowCharts.includes(chart) ? '15m' : '10m', { after: ['interval'] });
    const installs = spec.install?.remediation?.retries ?? 0;
    if (neverUninstalled.includes(chart)) {
      if (installs !== 0)
        file.set(doc, ['spec', 'install', 'remediation', 'retries'], 0, {
          comment: 'an uninstall between attempts would take the CRDs and their objects along',
        });
    } else if (installs < 0) file.set(doc, ['spec', 'install', 'remediation', 'retries'], 3);
    file.ensure(doc, ['spec', 'upgrade', 'remediation', 'retries'], 3);
    if ((spec.upgrade?.remediation?.retries ?? 0) < 0) file.set(doc, ['spec', 'upgrade', 'remediation', 'retries'], 3);
    file.ensure(doc, ['spec', 'upgrade', 'remediation', 'strategy'], 'rollback', { before: ['retries'] });
  });
}

/** A dependency whose name exists once gets that one's namespace; one that nobody answers to goes. */
function repairDependencies(kustomizations) {
  for (const { kustomization, dependency } of dangling(kustomizations).reverse()) {
    const named = kustomizations.filter(({ name }) => name === dependency.name);
    YamlFile.edit(kustomization.path, (file) => {
      if (named.length === 1)
        file.set(kustomization.doc, ['spec', 'dependsOn', dependency.index, 'namespace'], named[0].namespace, {
          after: ['name'],
        });
      else file.removeItem(kustomization.doc, ['spec', 'dependsOn'], dependency.index);
    });
  }
}

/** One dependency for each need that nobody declared; read again after each, since one may imply the next. */
function declareDependencies() {
  for (let [need] = unmetNeeds(new Repository()); need; [need] = unmetNeeds(new Repository())) {
    const { kustomization, owner } = need;
    YamlFile.edit(kustomization.path, (file) => {
      const path = ['spec', 'dependsOn'];
      const { name, namespace } = owner;
      if (file.node(kustomization.doc, path))
        file.addItem(kustomization.doc, path, [`name: ${name}`, `namespace: ${namespace}`]);
      else file.ensure(kustomization.doc, path, [{ name, namespace }], { before: ['interval'] });
    });
  }
}

function classTable(kustomizations) {
  return Object.entries(classes)
    .map(([name, { intervals }]) => {
      const members = new Set(
        kustomizations.filter(({ isRoot, target }) => !isRoot && classOf(target) === name).map(({ target }) => target),
      );
      return `| ${name} | ${intervals.join(' or ')} | ${[...members].sort().join(', ')} |`;
    })
    .join('\n');
}
