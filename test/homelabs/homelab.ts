/** The six real repositories that lie beside this one as data. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readRepository } from '../../gitops/model/read-repository.js';
import type { Repository } from '../../gitops/model/repository.js';
import { readFolder } from '../../gitops/source/folder-tree.js';

export const homelabs = ['anton', 'onedr0p', 'buroa', 'bjw-s', 'kashalls', 'toboshii'] as const;
export type Homelab = (typeof homelabs)[number];

const shared = fileURLToPath(new URL('../../../shared/homelabs', import.meta.url));

/** For the name of a test that needs them; empty where they are there. */
export const absence = existsSync(shared) ? '' : ' (../shared/homelabs is not there)';

export function folderOfHomelab(name: string): string {
  return `${shared}/${name}`;
}

export function readHomelab(name: Homelab): Repository {
  return readRepository(readFolder(folderOfHomelab(name)));
}
