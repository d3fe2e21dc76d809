/** Which kinds have no namespace, by the real definitions that lie beside this repository. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Scope } from '../../gitops/manifests/scope.js';

const definitions = fileURLToPath(new URL('../../../shared/crds', import.meta.url));
const absence = existsSync(definitions) ? '' : ' (../shared/crds is not there)';

test.skipIf(absence !== '')(
  `every definition of ../shared/crds has the scope that is known of its kind${absence}`,
  () => {
    const scope = new Scope();
    // By their lines: parsing eight megabytes of schemas takes its time.
    const line = (text: string, pattern: RegExp) => pattern.exec(text)?.[1] ?? '';
    const wrong = readdirSync(definitions)
      .filter((name) => name.endsWith('.yaml'))
      .flatMap((name) => readFileSync(`${definitions}/${name}`, 'utf8').split(/^---$/m))
      .flatMap((text) => {
        const [group, kind] = [line(text, /^ {2}group: (\S+)/m), line(text, /^ {4}kind: (\S+)/m)];
        const isClusterWide = line(text, /^ {2}scope: (\S+)/m) === 'Cluster';
        return scope.isClusterWide(group, kind) === isClusterWide ? [] : [`${kind}.${group}`];
      });
    expect(wrong).toEqual([]);
  },
);
