/** Secrets, ConfigMaps and claims that app-template (bjw-s `common`) makes of its values. */
import type { HelmRelease } from '../flux/helm-release.js';
import { fieldOf, fieldsOf, nonEmpty } from '../manifests/fields.js';

interface Output {
  readonly kind: 'Secret' | 'ConfigMap' | 'PersistentVolumeClaim';
  readonly name: string;
  readonly keys?: ReadonlySet<string>;
}

/** With and without the entry's own name behind the release's: which of them depends on how many entries there are. */
export function appTemplateOutputs({ releaseName, values }: HelmRelease): readonly Output[] {
  const fullName = nonEmpty(fieldOf(fieldOf(values.value, 'global'), 'fullnameOverride')) ?? releaseName;
  const entries = (field: string) => Object.entries(fieldsOf(fieldOf(values.value, field))).filter(isEnabled);
  const names = (id: string, entry: unknown) =>
    new Set([
      fullName,
      `${fullName}-${id}`,
      `${fullName}-${nonEmpty(fieldOf(entry, 'suffix')) ?? id}`,
      nonEmpty(fieldOf(entry, 'forceRename')) ?? fullName,
    ]);
  const made = (field: string, kind: Output['kind'], dataField: string) =>
    entries(field).flatMap(([id, entry]) => {
      const keys = new Set(Object.keys(fieldsOf(fieldOf(entry, dataField))));
      return [...names(id, entry)].map((name): Output => ({ kind, name, keys }));
    });
  const claims = entries('persistence').filter(([, entry]) => {
    const type = nonEmpty(fieldOf(entry, 'type')) ?? 'persistentVolumeClaim';
    return ['persistentVolumeClaim', 'pvc'].includes(type) && fieldOf(entry, 'existingClaim') === undefined;
  });
  return [
    ...made('secrets', 'Secret', 'stringData'),
    ...made('configMaps', 'ConfigMap', 'data'),
    ...claims.flatMap(([id, entry]) =>
      [...names(id, entry)].map((name): Output => ({ kind: 'PersistentVolumeClaim', name })),
    ),
  ];
}

function isEnabled([, entry]: readonly [string, unknown]): boolean {
  return fieldOf(entry, 'enabled') !== false;
}
