/** Adds applications to the repository in the way it lays them out. */
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Repository } from '../../checks/lib/repository.mjs';
import { podSecurityLevels } from '../../checks/lib/conventions.mjs';
import { YamlFile } from './yaml-file.mjs';

const manifests = join(dirname(fileURLToPath(import.meta.url)), '../manifests');

/** Writes a file if it is not there as it should be. */
export function write(path, text) {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** Writes the manifests of a task to the paths that they have below manifests/<task>; %NAME% is replaced. */
export function place(task, variables = {}, folder = '.') {
  for (const entry of readdirSync(join(manifests, task, folder), { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) place(task, variables, path);
    else write(path, fill(readFileSync(join(manifests, task, path), 'utf8'), variables));
  }
}

/** A manifest as text, for what becomes a part of an existing file. */
export function template(name, variables = {}) {
  return fill(readFileSync(join(manifests, name), 'utf8'), variables);
}

/** A variable that stands on a line of its own keeps its indentation on every line of its value. */
function fill(text, variables) {
  return text
    .replace(/^( +)%([A-Z_]+)%$/gm, (whole, indent, name) => variables[name]?.replace(/^(?=.)/gm, indent) ?? whole)
    .replace(/%([A-Z_]+)%/g, (whole, name) => variables[name] ?? whole);
}

/** Lists a resource in a kustomization.yaml: at its alphabetical place if the list is sorted, else at the end. */
export function addResource(path, resource) {
  return YamlFile.edit(path, (file) => {
    const resources = file.value(0, ['resources']);
    if (resources?.includes(resource)) return;
    if (!resources) return file.ensure(0, ['resources'], [resource]);
    const isSorted = resources.every((one, index) => index === 0 || resources[index - 1] <= one);
    const next = isSorted ? resources.findIndex((one) => one > resource) : -1;
    file.addItem(0, ['resources'], [resource], next < 0 ? undefined : next);
  });
}

/** Makes a namespace folder like the others, with Pod Security labels from the first commit. */
export function ensureNamespace(namespace) {
  const path = `kubernetes/apps/${namespace}/kustomization.yaml`;
  if (existsSync(path)) return path;
  write(path, template('namespace.yaml', { NAMESPACE: namespace, LABELS: securityPatch(namespace).join('\n') }));
  return path;
}

/** The JSON patch that puts Pod Security labels on a Namespace without labels. */
export function securityPatch(namespace) {
  const levels = podSecurityLevels(namespace);
  return [
    '- op: add',
    '  path: /metadata/labels',
    '  value:',
    ...Object.entries(levels).map(([mode, level]) => `    pod-security.kubernetes.io/${mode}: ${level}`),
  ];
}

/** Lists an application in its namespace, and its chart repository with the others. */
export function register(namespace, app, chartRepository) {
  addResource(ensureNamespace(namespace), `./${app}/ks.yaml`);
  if (chartRepository) addResource('kubernetes/flux/meta/repos/kustomization.yaml', `./${chartRepository}.yaml`);
}

/** `{namespace, name}` of the Kustomization that applies a chart; undefined where the chart is not deployed. */
export function ownerOfChart(chart) {
  const repository = new Repository();
  const release = repository.helmReleases().find((one) => one.chart === chart);
  return release && repository.ownerOf(release.path);
}
