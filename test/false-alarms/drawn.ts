/** All that today's linter finds in the six repositories, and the draw from it. */
import { descriptions, lint } from '../../gitops/lint/lint.js';
import { readRepository } from '../../gitops/model/read-repository.js';
import { homelabNames, treeOfFolders } from '../homelabs/homelab-trees.js';
import { type DrawnFinding, drawFrom } from './sample.js';

export function drawn(): readonly DrawnFinding[] {
  return drawFrom(homelabNames.flatMap((name) => reportedIn(name)));
}

/** Accepted findings are none of these repositories' own; the day is fixed. */
export function reportedIn(repository: string): readonly Omit<DrawnFinding, 'id'>[] {
  const { findings } = lint(readRepository(treeOfFolders([repository])), { now: 0 });
  return findings.map(({ rule, severity, file, line, column, subject, message }) => {
    const ruleSeverity = descriptions.find(({ id }) => id === rule)!.severity;
    return { rule, ruleSeverity, severity, repository, file, line, column, subject, message };
  });
}
