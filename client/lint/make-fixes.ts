/** Makes the safe fixes of a folder, and says of every one what became of it. */
import type { Finding } from '../../gitops/lint/finding.js';
import { planFixes } from '../../gitops/lint/plan-fixes.js';
import type { FileTree } from '../../gitops/source/file-tree.js';
import { editYaml } from '../../gitops/yaml/edit-yaml.js';
import type { FixOutcome } from './report.js';
import { replaceFile } from './write-file.js';

/** Nothing is written before every fix is worked out and judged; then each file as a whole. */
export async function makeFixes(
  root: string,
  tree: FileTree,
  findingsOf: (tree: FileTree) => readonly Finding[],
): Promise<FixOutcome> {
  const { texts, made, left } = planFixes(tree, { editYaml, findingsOf });
  const failures = new Map<string, string>();
  for (const [path, text] of texts) {
    const outcome = await replaceFile(root, path, tree.read(path), text);
    if (outcome.status === 'left') failures.set(path, `${path} ${outcome.why}`);
  }
  const whyNot = ({ fix }: Finding): string | undefined =>
    Object.keys(fix?.edits ?? {})
      .map((path) => failures.get(path))
      .find((why) => why !== undefined);
  return {
    made: made.filter(({ finding }) => whyNot(finding) === undefined),
    left: [
      ...left,
      ...made.flatMap(({ finding }) => {
        const why = whyNot(finding);
        return why === undefined ? [] : [{ finding, why }];
      }),
    ],
  };
}
