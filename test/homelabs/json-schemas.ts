/** JSON schemas of custom resources from their definitions, in the layout of the CRD catalogue, for kubeconform. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { fieldOf, isMap, itemsOf, nonEmpty, valueAt } from '../../gitops/manifests/fields.js';

/** Of every definition below `crds`; what stands in the folder itself wins over its folders, which hold older ones. */
export function writeCrdSchemas(crds: string, to: string): void {
  const files = readdirSync(crds, { recursive: true, encoding: 'utf8' }).filter((file) => /\.ya?ml$/.test(file));
  const olderFirst = files.toSorted((a, b) => Number(b.includes('/')) - Number(a.includes('/')) || (a < b ? -1 : 1));
  for (const file of olderFirst)
    for (const document of parseAllDocuments(readFileSync(join(crds, file), 'utf8')))
      writeSchemasOf(document.toJS(), to);
}

function writeSchemasOf(definition: unknown, to: string): void {
  const group = nonEmpty(valueAt(definition, ['spec', 'group']));
  const kind = nonEmpty(valueAt(definition, ['spec', 'names', 'kind']));
  if (group === undefined || kind === undefined) return;
  for (const version of itemsOf(valueAt(definition, ['spec', 'versions']))) {
    const schema = valueAt(version, ['schema', 'openAPIV3Schema']);
    if (!isMap(schema)) continue;
    const file = join(to, group, `${kind.toLowerCase()}_${String(fieldOf(version, 'name'))}.json`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(strict(schema, true)));
  }
}

/** What the server would drop is refused, as `-strict` asks of the built-in kinds. */
function strict(schema: unknown, isRoot = false): unknown {
  if (Array.isArray(schema)) return schema.map((item) => strict(item));
  if (!isMap(schema)) return schema;
  const { properties, ...rest } = schema;
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(rest)) result[key] = strict(value);
  if (isMap(properties)) {
    const named = Object.entries(properties).map(([key, value]) => [key, strict(value)]);
    const root = isRoot
      ? { apiVersion: { type: 'string' }, kind: { type: 'string' }, metadata: { type: 'object' } }
      : {};
    result['properties'] = { ...Object.fromEntries(named), ...root };
    if (!('additionalProperties' in schema) && schema['x-kubernetes-preserve-unknown-fields'] !== true)
      result['additionalProperties'] = false;
  }
  if (schema['x-kubernetes-int-or-string'] === true) result['type'] = ['string', 'integer'];
  if (schema['nullable'] === true && typeof schema['type'] === 'string') result['type'] = [schema['type'], 'null'];
  return result;
}
