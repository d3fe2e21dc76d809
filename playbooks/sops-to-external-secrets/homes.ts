/** Where the objects that take a Secret's place are written: in files of their own, never over another. */
import { folderOf } from '../../gitops/kustomize/repository-files.js';

export class Homes {
  private readonly taken: Set<string>;

  constructor(paths: Iterable<string>) {
    this.taken = new Set(paths);
  }

  /** What stands in the place of an encrypted file's own name. */
  beside(path: string, name: string): string {
    const folder = folderOf(path);
    const base = path.slice(folder === '' ? 0 : folder.length + 1).replace(/(?:\.sops)?\.ya?ml$/, '');
    return this.take(folder, base === 'secret' ? 'externalsecret' : `${base}.externalsecret`, name);
  }

  /** In the folder of the store. */
  shared(folder: string, name: string): string {
    return this.take(folder, name, name);
  }

  /** The first of its names that is free; it is taken from then on. */
  private take(folder: string, wanted: string, name: string): string {
    const at = (base: string): string => (folder === '' ? `${base}.yaml` : `${folder}/${base}.yaml`);
    let home = at(wanted);
    for (let attempt = 1; this.taken.has(home); attempt++)
      home = at(`${name}${attempt === 1 ? '' : `-${attempt}`}.externalsecret`);
    this.taken.add(home);
    return home;
  }
}
