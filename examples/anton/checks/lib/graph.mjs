/** Who waits for whom: the dependsOn graph of Flux Kustomizations, in effective namespaces. */
import { providers } from './conventions.mjs';

const id = ({ namespace, name }) => `${namespace}/${name}`;

/** The dependencies of a Kustomization with the namespace that Flux reads into them. */
export function dependenciesOf(kustomization) {
  return (kustomization.object.spec.dependsOn ?? []).map(({ name, namespace }, index) => ({
    index,
    name,
    namespace: namespace ?? kustomization.namespace,
  }));
}

/** Dependencies that no Kustomization answers to. */
export function dangling(kustomizations) {
  const known = new Set(kustomizations.map(id));
  return kustomizations.flatMap((kustomization) =>
    dependenciesOf(kustomization)
      .filter((dependency) => !known.has(id(dependency)))
      .map((dependency) => ({ kustomization, dependency })),
  );
}

/** One list of ids per cycle. */
export function cycles(kustomizations) {
  const found = [];
  const done = new Set();
  const byId = new Map(kustomizations.map((kustomization) => [id(kustomization), kustomization]));
  const visit = (here, trail) => {
    if (trail.includes(here)) return found.push([...trail.slice(trail.indexOf(here)), here]);
    if (done.has(here) || !byId.has(here)) return;
    for (const dependency of dependenciesOf(byId.get(here))) visit(id(dependency), [...trail, here]);
    done.add(here);
  };
  for (const kustomization of kustomizations) visit(id(kustomization), []);
  return found;
}

/** Everything that a Kustomization waits for, directly or not. */
function ancestors(kustomization, byId, seen = new Set()) {
  for (const dependency of dependenciesOf(kustomization)) {
    if (seen.has(id(dependency))) continue;
    seen.add(id(dependency));
    if (byId.has(id(dependency))) ancestors(byId.get(id(dependency)), byId, seen);
  }
  return seen;
}

/** Kustomizations that use what another one provides, without waiting for it. */
export function unmetNeeds(repository) {
  const kustomizations = repository.kustomizations();
  const byId = new Map(kustomizations.map((kustomization) => [id(kustomization), kustomization]));
  return providers.flatMap((provider) => {
    const owner = ownerOfProvider(repository, provider);
    if (!owner) return [];
    const users = new Map(); // of each Kustomization the first file that shows the need
    for (const file of repository.yamlFiles('kubernetes/apps').filter((path) => uses(repository, path, provider))) {
      const kustomization = repository.ownerOf(file);
      if (kustomization && kustomization !== owner && !users.has(kustomization)) users.set(kustomization, file);
    }
    return [...users]
      .filter(([kustomization]) => !ancestors(kustomization, byId).has(id(owner)))
      .map(([kustomization, file]) => ({ kustomization, owner, file, needs: provider.needs }));
  });
}

function ownerOfProvider(repository, { chart, kustomization }) {
  const release = chart && repository.helmReleases().find((one) => one.chart === chart);
  return release
    ? repository.ownerOf(release.path)
    : repository.kustomizations().find(({ name }) => name === kustomization);
}

function uses(repository, path, provider) {
  if (provider.text) return provider.text.test(repository.text(path).replace(/#.*$/gm, ''));
  return (
    repository.text(path).includes(`${provider.api}/`) &&
    repository.objectsIn(path).some(({ object }) => object.apiVersion.startsWith(`${provider.api}/`))
  );
}
