/** What the cluster has before Flux comes: charts that a helmfile installs, and Secrets that a hand puts in by a template or a command. */
import { fieldOf, itemsOf, textOf } from '../manifests/fields.js';
import { oncePer } from '../manifests/once-per.js';
import { type FileTree, textAt } from '../source/file-tree.js';
import type { YamlFile } from '../yaml/yaml-file.js';

export interface Bootstrap {
  /** By name, without registry or repository. */
  readonly charts: ReadonlySet<string>;
  /** `namespace/name`: of templates that a hand fills in, and of commands of tasks and scripts. */
  readonly secrets: ReadonlySet<string>;
  /** A script that a task runs for it and that is not in the tree: it may bring anything. */
  readonly hiddenScript: string | undefined;
  /** A template that a task applies, likewise: it may make Secrets. */
  readonly hiddenTemplate: string | undefined;
}

export function readBootstrap({
  files,
  tree,
}: {
  readonly files: readonly YamlFile[];
  readonly tree: FileTree;
}): Bootstrap {
  const named = (pattern: RegExp): string | undefined =>
    namedFiles(files, pattern).find((name) => !tree.paths.some((path) => path.endsWith(name)));
  return {
    charts: new Set(files.flatMap((file) => chartsOf(file))),
    secrets: new Set([
      ...tree.paths.flatMap((path) => [...secretsOf(tree, path), ...secretsOfScript(tree, path)]),
      ...files.flatMap((file) => secretsByCommand(file)),
    ]),
    hiddenScript: named(script),
    hiddenTemplate: named(templated),
  };
}

/** Of a helmfile, told by what it is made of: `releases`, each with a name and a chart. */
const chartsOf = oncePer((file: YamlFile): readonly string[] =>
  file.documents.flatMap(({ value }) =>
    itemsOf(fieldOf(value, 'releases')).flatMap((release) => {
      const chart = textOf(fieldOf(release, 'chart'));
      return chart === undefined || fieldOf(release, 'installed') === false
        ? []
        : [chart.slice(chart.lastIndexOf('/') + 1)];
    }),
  ),
);

/** Of task files: `bash {{.SCRIPTS_DIR}}/bootstrap-apps.sh`, `op inject --in-file {{.BOOTSTRAP_DIR}}/secrets.yaml.tpl`. */
function namedFiles(files: readonly YamlFile[], pattern: RegExp): readonly string[] {
  return files.flatMap((file) => (speaksOfBootstrap(file) ? (file.text.match(pattern) ?? []) : []));
}

const speaksOfBootstrap = oncePer(({ text }: YamlFile) => /bootstrap/i.test(text));

const script = /\bbootstrap[\w-]*\.(?:sh|py|ts)\b/g;
const templated = /\b[\w-]+\.ya?ml\.(?:j2|tpl|tmpl|gotmpl)\b/g;

const template = /\.(?:j2|tpl|tmpl|gotmpl)$/;

/** Templates are no YAML: a document of kind Secret is told by its lines. */
function secretsOf(tree: FileTree, path: string): readonly string[] {
  if (!template.test(path) || !/ya?ml/.test(path)) return [];
  return (textAt(tree, path) ?? '')
    .split(/^---.*$/m)
    .filter((document) => /^kind: *["']?Secret\b/m.test(document))
    .flatMap((document) => {
      const field = (name: string): string | undefined =>
        new RegExp(`^ +${name}: *["']?([\\w.-]+)["']?\\s*$`, 'm').exec(document)?.[1];
      const [namespace, name] = [field('namespace'), field('name')];
      return namespace === undefined || name === undefined ? [] : [`${namespace}/${name}`];
    });
}

function secretsOfScript(tree: FileTree, path: string): readonly string[] {
  return path.endsWith('.sh') ? commandsIn(textAt(tree, path) ?? '') : [];
}

const secretsByCommand = oncePer(({ text }: YamlFile): readonly string[] => commandsIn(text));

/** `kubectl -n flux-system create secret generic sops-age --from-file=…`, of a task or a script; a comment is none. */
function commandsIn(text: string): readonly string[] {
  if (!text.includes('create secret')) return [];
  return text.split('\n').flatMap((line) => {
    const [, before, name, after] =
      /^(?!\s*#).*\bkubectl\b(.*?)\bcreate secret (?:generic|tls|docker-registry) ([\w.-]+)(.*)$/.exec(line) ?? [];
    const namespace = /(?:-n|--namespace)[ =]([\w.-]+)/.exec(`${before} ${after}`)?.[1] ?? 'default';
    return name === undefined ? [] : [`${namespace}/${name}`];
  });
}
