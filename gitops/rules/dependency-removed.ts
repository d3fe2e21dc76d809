/** A dependency that a change takes away, mostly to get past a failure: it works until the order matters again. */
import type { FluxKustomization } from '../flux/flux-kustomization.js';
import { isMap } from '../manifests/fields.js';
import { objectText } from '../manifests/object-id.js';
import type { FindingDraft, Span } from '../lint/finding.js';
import type { ChangeRule } from '../lint/rule.js';
import { listed } from '../lint/wording.js';
import type { Repository } from '../model/repository.js';
import { usesOf } from '../model/uses.js';

export const dependencyRemoved: ChangeRule = {
  id: 'dependency-removed',
  severity: 'warning',
  summary: 'A change takes a dependency away from a Kustomization or HelmRelease that stays.',
  layer: 'policy',
  *checkChange(before, after) {
    for (const one of after.flux.kustomizations) {
      const old = before.flux.kustomization(one.id.namespace, one.id.name);
      if (old) yield* removedFrom(old, one, before, after);
    }
    for (const { id, spec, object } of after.flux.helmReleases) {
      const old = before.flux.helmRelease(id.namespace, id.name);
      const now = new Set(spec.dependsOn.map(({ namespace = id.namespace, name }) => `${namespace}/${name}`));
      for (const { namespace = id.namespace, name } of old?.spec.dependsOn ?? []) {
        const stays = before.flux.helmRelease(namespace, name) && after.flux.helmRelease(namespace, name);
        if (now.has(`${namespace}/${name}`) || !stays) continue;
        yield {
          at: object.composed.origin(['spec', 'dependsOn']).place,
          subject: objectText(id),
          message: `no longer depends on HelmRelease ${namespace}/${name}, which is still there; ${ask}`,
          key: `${namespace}/${name}`,
          severity: 'info',
        };
      }
    }
  },
};

const ask = 'put it back, or say in the commit why it goes, and until when';

function* removedFrom(
  old: FluxKustomization,
  one: FluxKustomization,
  before: Repository,
  after: Repository,
): Iterable<FindingDraft> {
  const kept = reachable(one, after);
  // One that is only written otherwise leads somewhere or nowhere, which others see.
  const names = new Set(one.spec.dependsOn.map(({ name }) => name));
  for (const { namespace = old.id.namespace, name } of old.spec.dependsOn) {
    const provider = after.flux.kustomization(namespace, name);
    // One that led nowhere is no loss, one that is gone for everybody is no choice, and one that others bring stays.
    if (!provider || !before.flux.kustomization(namespace, name) || kept.has(provider) || names.has(name)) continue;
    const uses = usesOf(one, provider, after);
    const comment = commentOf(one, name);
    yield {
      at: comment ?? one.object.composed.origin(['spec', 'dependsOn']).place,
      subject: objectText(one.id),
      message: `no longer depends on ${namespace}/${name} (${comment ? 'the entry is now a comment' : 'no trace of it is left'}), ${
        uses.length > 0
          ? `and yet uses ${listed(uses)} of it`
          : 'which is still there, though no file shows what it uses of it'
      }; ${ask}`,
      key: `${namespace}/${name}`,
      ...(uses.length === 0 && { severity: 'info' as const }),
    };
  }
}

/** What it still waits for, directly or through others. */
function reachable(from: FluxKustomization, { flux }: Repository): ReadonlySet<FluxKustomization> {
  const found = new Set<FluxKustomization>();
  const queue = [from];
  for (let one = queue.pop(); one; one = queue.pop()) {
    const { id, spec } = one;
    for (const { name, namespace = id.namespace } of spec.dependsOn) {
      const next = flux.kustomization(namespace, name);
      if (!next || found.has(next)) continue;
      found.add(next);
      queue.push(next);
    }
  }
  return found;
}

/** The line of the object's document that still names it behind a `#`. */
function commentOf({ object }: FluxKustomization, name: string): Span | undefined {
  const { document } = object.composed.root;
  const { file } = document;
  if (!isMap(document.value)) return undefined;
  const end = document.root?.range[2] ?? file.text.length;
  const pattern = new RegExp(
    `^[ \\t]*#.*\\bname:[ \\t]*["']?${name.replaceAll(/[^\w-]/g, String.raw`\$&`)}["']?(?=\\s|$|,|})`,
    'gm',
  );
  pattern.lastIndex = document.offset;
  const match = pattern.exec(file.text);
  return match && match.index < end
    ? { file: file.path, ...file.position(match.index + match[0].indexOf('#')) }
    : undefined;
}
