/** Labels and annotations that a change takes away: a repair of something else often drops them unseen. */
import { fieldsOf, textsOf, valueAt } from '../manifests/fields.js';
import { groupBy } from '../manifests/group-by.js';
import { keyText } from '../manifests/object-id.js';
import type { AppliedObject } from '../flux/flux-kustomization.js';
import { aboutObjects, byPlace } from '../lint/about-objects.js';
import type { FindingDraft } from '../lint/finding.js';
import type { ChangeRule } from '../lint/rule.js';
import { listed } from '../lint/wording.js';
import type { Repository } from '../model/repository.js';
import { namesSecret } from '../schema/secret-values.js';

export const labelLost: ChangeRule = {
  id: 'label-lost',
  severity: 'warning',
  summary: 'A change takes labels or annotations from an object that stays.',
  layer: 'policy',
  *checkChange(before, after) {
    const lost = lostLabels(before, after);
    for (const { at, items } of byPlace(
      lost,
      ({ object, field }) => object.composed.origin(['metadata', field]).place,
    )) {
      for (const group of groupBy(items, ({ field, keys }) => `${field} ${keys.join(' ')}`).values())
        yield { at, ...finding(group) };
    }
  },
};

interface Lost {
  readonly object: AppliedObject;
  readonly field: 'labels' | 'annotations';
  readonly keys: readonly string[];
  /** The object before the change that had the first of them. */
  readonly from: AppliedObject;
}

function* lostLabels(before: Repository, after: Repository): Iterable<Lost> {
  const seen = new Set<string>();
  for (const object of after.flux.objects) {
    const key = keyText(object.id);
    if (seen.has(key)) continue;
    seen.add(key);
    const old = before.ownership.of(object.id);
    for (const field of ['labels', 'annotations'] as const) {
      const now = new Set(after.ownership.of(object.id).flatMap((one) => keysOf(one, field)));
      // Two declarations of one object before the change: what either of them says counts.
      const keys = [...new Set(old.flatMap((one) => keysOf(one, field)))].filter(
        (one) => !now.has(one) && !isRenamed(one, now),
      );
      const from = old.find((one) => keys.some((lost) => keysOf(one, field).includes(lost)));
      if (from) yield { object, field, keys, from };
    }
  }
}

function keysOf({ composed }: AppliedObject, field: Lost['field']): readonly string[] {
  return Object.keys(fieldsOf(valueAt(composed.value, ['metadata', field])));
}

/** The same name under another prefix: `example.com/team` instead of `team`. */
function isRenamed(key: string, now: ReadonlySet<string>): boolean {
  const name = (text: string): string => text.slice(text.lastIndexOf('/') + 1);
  return [...now].some((other) => name(other) === name(key));
}

interface Meaning {
  readonly pattern: RegExp;
  readonly says: string;
}

/** Labels and annotations without which something else breaks. */
const meanings: readonly Meaning[] = [
  {
    pattern: /^pod-security\.kubernetes\.io\//,
    says: "the cluster's own default is in effect then, and pods that need more (host network, privileged) are refused when they are next made",
  },
  {
    pattern: /^kustomize\.toolkit\.fluxcd\.io\/prune$/,
    says: 'Flux deletes it as soon as no file declares it any more',
  },
  { pattern: /^helm\.sh\/resource-policy$/, says: 'Helm deletes it with its release' },
  { pattern: /^kustomize\.toolkit\.fluxcd\.io\/substitute$/, says: 'Flux puts variables into it from now on' },
  {
    pattern: /^(?:argocd|reloader\.stakater\.com|external-dns\.alpha\.kubernetes\.io|cert-manager\.io)\b/,
    says: 'the controller that reads it does nothing for it any more',
  },
];

function finding([first, ...others]: readonly Lost[]): Omit<FindingDraft, 'at'> {
  const { field, keys, from } = first!;
  const known = meanings.filter(({ pattern }) => keys.some((key) => pattern.test(key)));
  const values = textsOf(valueAt(from.composed.value, ['metadata', field]));
  const text = keys.map((key) => (namesSecret(key) ? key : `${key}: ${values.get(key) ?? ''}`.trimEnd()));
  return {
    subject: aboutObjects([first!, ...others].map((one) => one.object.id)),
    message: `loses ${field} ${listed(text)}${known.length > 0 ? `: ${known.map(({ says }) => says).join(', and ')}` : ''}; keep ${keys.length === 1 ? 'it' : 'them'}, or say in the commit why ${keys.length === 1 ? 'it goes' : 'they go'}`,
    key: `${field} ${keys.join(' ')}`,
    ...(known.length === 0 && { severity: 'info' as const }),
    related: [
      {
        ...from.composed.origin(['metadata', field, keys[0]!]).place,
        message: `${keys[0]} was here, before the change`,
      },
    ],
  };
}
