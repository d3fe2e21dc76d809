/** A copy of the checkout to mutate: what git tracks and what it would, with the installed packages linked. */
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import typescript from 'typescript';
import type { Mutation } from './mutation.js';

export class Checkout {
  private constructor(readonly dir: string) {}

  static copyOf(root: string): Checkout {
    // The real path, as servers are looked for by it.
    const dir = realpathSync(mkdtempSync(join(tmpdir(), 'joinpoint-mutation-')));
    const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
      cwd: root,
      encoding: 'utf8',
    });
    for (const path of listed.split('\0').filter(Boolean)) {
      // One that was removed and not committed yet is still listed.
      if (!existsSync(join(root, path)) || lstatSync(join(root, path)).isDirectory()) continue;
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      cpSync(join(root, path), join(dir, path));
    }
    symlinkSync(join(root, 'node_modules'), join(dir, 'node_modules'));
    return new Checkout(dir);
  }

  /** Runs `use` with the mutation in place, and takes it back. */
  async mutated<T>({ file, find, replace }: Mutation, use: () => Promise<T>): Promise<T> {
    const path = join(this.dir, file);
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, mutatedText(text, { find, replace }));
    try {
      return await use();
    } finally {
      writeFileSync(path, text);
    }
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** Why a mutation cannot be made any more, or undefined. */
export function misfit(root: string, { file, find, replace, tests }: Mutation): string | undefined {
  if (!existsSync(join(root, file))) return `${file} is not there`;
  if (!existsSync(join(root, tests))) return `${tests} is not there`;
  if (find === replace) return 'it changes nothing';
  const text = readFileSync(join(root, file), 'utf8');
  const times = text.split(find).length - 1;
  if (times !== 1) return `its text stands ${times} times in ${file}, not once: ${JSON.stringify(find)}`;
  const { diagnostics = [] } = typescript.transpileModule(mutatedText(text, { find, replace }), {
    reportDiagnostics: true,
  });
  const [wrong] = diagnostics;
  return wrong && `it leaves no program: ${typescript.flattenDiagnosticMessageText(wrong.messageText, ' ')}`;
}

function mutatedText(text: string, { find, replace }: Pick<Mutation, 'find' | 'replace'>): string {
  return text.replace(find, () => replace);
}
