/** What `kustomize build` and `kubeconform` say of a tree: of every path that Flux applies, as Flux would build it. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gistOfBuildError } from '../../client/lint/exact/build-error.js';
import { readRepository } from '../../gitops/model/read-repository.js';
import { counted } from '../../plan/counted.js';
import { copyOf, replaceRemote } from './buildable-copy.js';
import { type ReplayCase, replayTree } from './replay-trees.js';

export interface Said {
  readonly kustomize: string;
  readonly kubeconform: string;
}

/** @param schemas arguments of kubeconform's `-schema-location`. */
export function othersSayOf(one: ReplayCase, schemas: readonly string[]): Said {
  const tree = replayTree(one);
  const { flux } = readRepository(tree);
  const builds = [...flux.entryPoints, ...flux.kustomizations].flatMap(({ build }) => build ?? []);
  const paths = [...new Set(builds.map(({ directory }) => directory))].toSorted();
  const copy = copyOf(tree);
  for (const { unknowns } of builds) replaceRemote(copy, unknowns);
  try {
    const results = paths.map((path) => buildOf(copy, path));
    const failed = results.filter(({ stderr }) => stderr !== undefined);
    const gists = [...new Set(failed.map(({ stderr }) => gistOfBuildError(stderr!, copy)))];
    const output = results.map(({ stdout }) => stdout);
    const texts = gists.length === 0 ? output : [...output, ...writtenOf(one, copy)];
    return {
      kustomize: gists.length === 0 ? `builds all ${paths.length} paths` : `fails: ${gists.join('; ')}`,
      kubeconform: told(one, refusals(texts.join('\n---\n'), schemas)),
    };
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** The files of the case as they are: what is not built nobody else would see. */
function writtenOf({ expect }: ReplayCase, copy: string): readonly string[] {
  const files = expect.map(({ file }) => join(copy, file)).filter((file) => /(?<!kustomization)\.yaml$/.test(file));
  return [...new Set(files)].map((file) => readFileSync(file, 'utf8'));
}

/** What is about the case, and how much else there is: the same in any order that the tool works in. */
function told({ expect }: ReplayCase, all: readonly Refusal[]): string {
  const isOfCase = ({ kind, name }: Refusal): boolean =>
    expect.some(({ subject }) => subject.startsWith(`${kind} `) && subject.split(/[ /,]+/).includes(name));
  const about = all.filter(isOfCase).map(({ kind, name, what }) => `refuses ${kind} ${name}: ${what}`);
  const others = all.length - about.length;
  const rest = others > 0 ? counted(others, 'other refusal') : '';
  return [...about.toSorted(), about.length === 0 ? 'nothing of it' : '', rest].filter(Boolean).join('; ');
}

interface BuildResult {
  readonly stdout: string;
  readonly stderr: string | undefined;
}

function buildOf(copy: string, path: string): BuildResult {
  const folder = join(copy, path);
  // Flux writes one that lists what it finds, by the same code.
  if (!['kustomization.yaml', 'kustomization.yml', 'Kustomization'].some((name) => existsSync(join(folder, name))))
    spawnSync('kustomize', ['create', '--autodetect', '--recursive'], { cwd: folder });
  const { stdout, stderr, status } = spawnSync(
    'kustomize',
    ['build', '--load-restrictor', 'LoadRestrictionsNone', folder],
    {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    },
  );
  return { stdout: status === 0 ? stdout : '', stderr: status === 0 ? undefined : stderr };
}

interface Refusal {
  readonly kind: string;
  readonly name: string;
  readonly what: string;
}

interface Resource {
  readonly kind: string;
  readonly name: string;
  readonly status: string;
  readonly msg: string;
  readonly validationErrors?: readonly { readonly path: string; readonly msg: string }[];
}

function refusals(manifests: string, schemas: readonly string[]): readonly Refusal[] {
  const args = ['-strict', '-ignore-missing-schemas', '-output', 'json', '-kubernetes-version', '1.33.0'];
  const { stdout } = spawnSync(
    'kubeconform',
    [...args, ...schemas.flatMap((location) => ['-schema-location', location])],
    {
      input: manifests,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    },
  );
  const { resources } = JSON.parse(stdout) as { readonly resources: readonly Resource[] };
  return resources.flatMap(({ kind, name, msg, validationErrors = [] }) => {
    const errors = validationErrors.map(({ path, msg: what }) => `${path.slice(1).replaceAll('/', '.')} ${what}`);
    return (errors.length > 0 ? errors : [msg])
      .filter(isOfTheTree)
      .map((what) => ({ kind, name, what: what.replaceAll(/\s+/g, ' ') }));
  });
}

/** Not what SOPS adds, which is taken away before anything is applied, nor a variable that Flux puts in. */
function isOfTheTree(error: string): boolean {
  return !/\bsops\b|\$\{/.test(error);
}
