/** The schema layer: kubeconform on every object as Flux would apply it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AppliedObject } from '../../../gitops/flux/flux-kustomization.js';
import { type Finding, findingOf } from '../../../gitops/lint/finding.js';
import { isKnown, objectText } from '../../../gitops/manifests/object-id.js';
import type { Repository } from '../../../gitops/model/repository.js';
import { counted } from '../../../plan/counted.js';
import type { ExactRequest } from '../request.js';
import { kubeconform } from './rules.js';
import { ask, type LayerResult, missing, notRun } from './tool.js';
import { withoutValue } from './without-value.js';

export async function runKubeconform(repository: Repository, options: ExactRequest): Promise<LayerResult> {
  const why = missing('kubeconform') ?? (options.schemas === undefined ? 'give --schemas' : undefined);
  if (why !== undefined) return notRun(kubeconform.id, why);
  // What SOPS adds is taken away before anything is applied.
  const objects = repository.clusters
    .flatMap(({ flux }) => flux.objects)
    .filter(({ manifest }) => manifest?.isEncrypted !== true);
  const folder = await mkdtemp(join(tmpdir(), 'joinpoint-kubeconform-'));
  try {
    for (const [index, { composed }] of objects.entries())
      await writeFile(join(folder, `${index}.json`), JSON.stringify(composed.value));
    const answer = await ask('kubeconform', [...argumentsOf(options), folder]);
    if (typeof answer === 'string') return notRun(kubeconform.id, answer);
    return read(answer.stdout, answer.stderr, objects);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function argumentsOf({ schemas = '', kubeVersion }: ExactRequest): readonly string[] {
  // Its own layout for the built-in kinds, and that of the CRD catalogue for custom resources.
  const catalogue = `${schemas}/{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json`;
  const locations = schemas.includes('{{') ? [schemas] : [schemas, catalogue];
  return [
    '-output',
    'json',
    '-verbose',
    '-strict',
    '-ignore-missing-schemas',
    ...locations.flatMap((location) => ['-schema-location', location]),
    ...(kubeVersion === undefined ? [] : ['-kubernetes-version', kubeVersion.replace(/^v/, '')]),
  ];
}

interface Resource {
  readonly filename: string;
  readonly kind: string;
  readonly version: string;
  readonly status: string;
  readonly msg: string;
  readonly validationErrors?: readonly { readonly path: string; readonly msg: string }[];
}

function read(stdout: string, stderr: string, objects: readonly AppliedObject[]): LayerResult {
  let resources: readonly Resource[];
  try {
    ({ resources } = JSON.parse(stdout) as { readonly resources: readonly Resource[] });
  } catch {
    return notRun(kubeconform.id, `it gave no report (${stderr.trim() || 'no message'})`);
  }
  const skipped = resources.filter(({ status }) => status === 'statusSkipped');
  const kinds = [...new Set(skipped.map(({ kind, version }) => `${kind} ${version}`))].sort();
  const leftOut = kinds.map((kind) => `${kind} (no schema)`);
  const findings = resources.flatMap((resource) => {
    const object = objects[Number(/(\d+)\.json$/.exec(resource.filename)?.[1])];
    return object ? refusals(resource, object) : [];
  });
  return {
    run: { layer: kubeconform.id, status: 'ran', checked: resources.length - skipped.length, leftOut },
    findings: oncePerPlace(findings),
  };
}

/** What stands in one place is wrong in every namespace that it goes to: said once, of the first. */
function oncePerPlace(findings: readonly Finding[]): readonly Finding[] {
  const places = new Map<string, readonly [Finding, ...Finding[]]>();
  for (const finding of findings) {
    const key = [finding.file, finding.line, finding.column, finding.key].join('\n');
    places.set(key, [...(places.get(key) ?? []), finding] as [Finding, ...Finding[]]);
  }
  return [...places.values()].map(([first, ...others]) =>
    others.length === 0
      ? first
      : { ...first, message: `${first.message} (and ${counted(others.length, 'other')} like it)` },
  );
}

/** What the tool says of one object. */
export function refusals(
  { kind, version, status, msg, validationErrors = [] }: Resource,
  object: AppliedObject,
): readonly Finding[] {
  if (status !== 'statusInvalid' && status !== 'statusError') return [];
  const errors = validationErrors.length > 0 ? validationErrors : [{ path: '', msg }];
  return errors.flatMap(({ path, msg: what }) => {
    const at = pointerPath(path);
    const { value, root } = object.composed.at(at);
    // What a variable will be nobody knows here.
    if (typeof value === 'string' && !isKnown(value)) return [];
    const said = withoutValue(what, object.composed.value, at);
    return [
      findingOf(kubeconform, {
        at: root.place,
        subject: objectText(object.id),
        message: `${at.join('.') || 'the object'}: ${said}; the schema of ${kind} ${version} refuses that`,
        key: `${path} ${said}`,
        // The API server puts its defaults in before it looks.
        ...(what.startsWith('missing propert') && { severity: 'warning' }),
      }),
    ];
  });
}

/** A JSON pointer's steps; a number is an index. */
export function pointerPath(pointer: string): readonly (string | number)[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}
