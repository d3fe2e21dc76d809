/** What is looked at before the target or a branch is written, and what an undo does. */
import { mutationsOf } from '../mutation.js';

export const inGit = [
  ...mutationsOf('git/landing.ts', 'git/landing.test.ts', [
    [
      'a target whose history was rewritten is written on',
      'if (!(await isAncestor(mirror, target.start, head)))',
      'if (false)',
    ],
    ['a wave is pushed without a look whether it is there', 'if (already) return', 'if (false) return'],
    ['a wave counts as landed when a part of it is', 'return commits.every(', 'return commits.some('],
    ['a wave is pushed although the target has moved', 'if (seen.head !== onto)', 'if (false)'],
    ['what a twin pushed has not landed', 'if (landed) return', 'if (false) return'],
    [
      'a push that was turned away counts as landed',
      "if (outcome === 'pushed') return { status: 'landed'",
      "if (true) return { status: 'landed'",
    ],
    [
      'a target that moved under the push is no re-fold',
      "if (after.head !== onto) return { status: 'moved', head: after.head };",
      '',
    ],
    ['a push that another lock turned away is a re-fold', 'if (after.head !== onto)', 'if (true)'],
    ['an undo that was turned away counts as made', "to: plan.head }])) === 'pushed')", "to: plan.head }])) !== '')"],
    [
      'an undo reverts what a quarantine keeps',
      'keeps: orders.find((order) => landingText(order.id) === landingText(id))!.keeps,',
      'keeps: () => false,',
    ],
    ['a checkpoint that exists is moved', '[{ ref, to: tag, expected: null }]', '[{ ref, to: `+${tag}` }]'],
  ]),
  ...mutationsOf('git/push.ts', 'git/push.test.ts', [
    [
      'a push is forced',
      'const specs = updates.map(({ ref, to }) => `${to}:${ref}`);',
      'const specs = updates.map(({ ref, to }) => `+${to}:${ref}`);',
    ],
    ['several refs move by themselves, and not all or none', "...(updates.length > 1 ? ['--atomic'] : []),", ''],
    ['a push holds no lease', 'expected === undefined ? []', 'true ? []'],
    ['a refusal of the target is retried for ever', 'if (declined) {', 'if (false) {'],
  ]),
  ...mutationsOf('git/trailers.ts', 'git/trailers.test.ts', [
    ['a landing of another rollout counts', 'if (rollout.trim() !== uid) continue;', ''],
    ['what was undone still stands', ' && !undone.has(landingText(id)));', ');'],
  ]),
  ...mutationsOf('git/store.ts', 'git/store.test.ts', [
    ['what is recorded already is recorded again', 'if (known) return known.text;', ''],
    ['a record that was turned away counts as made', "if (outcome === 'pushed')", 'if (true)'],
    ['a ref alongside does not move with its record', '...(entry.alongside ?? []),', ''],
    [
      'two that mint the id of a repository get one each',
      'if (known) return known.text.trim();',
      'if (known) return candidateId;',
    ],
    ['commits that a record names are not kept', '...(entry.keep ?? [])', ''],
  ]),
  ...mutationsOf('git/branch.ts', 'git/branch.test.ts', [
    ["a task's branch takes over one that somebody has", '=== undefined) return name;', '!== null) return name;'],
    ['a branch that somebody made meanwhile is taken over', 'to: head, expected: null }', 'to: head }'],
    [
      'a task that was sent back does not begin on what it has to fit in with',
      'if (request.base) return request.base;',
      '',
    ],
    ['stages that were brought along are forgotten', '...(later.length > 0 && { later })', ''],
    ['a task begins without what it needs', 'if (!only) return onto;', 'if (true) return onto;'],
    [
      'a task begins on the first only of what it needs',
      'if (others.length === 0) return only.head;',
      'return only.head;',
    ],
    [
      'work that no longer fits is left out without a word',
      'conflicts: replayed.files, later: [] }',
      'conflicts: [], later: [] }',
    ],
    ["a person's branch that was rebased is taken", 'if (!(await isAncestor(mirror, base, head)))', 'if (false)'],
    ["a person's branch that is gone is no refusal", 'if (head === undefined)', 'if (false)'],
  ]),
  ...mutationsOf('git/fold.ts', 'git/fold.test.ts', [
    [
      "a patch's id is what this user's git says",
      "'diff-tree', '--stdin', '-p',",
      "'diff-tree', '--stdin', '-p', '--color=always',",
    ],
    ['what a playbook cannot edit is tried for ever', "if (anew && 'refused' in anew)", "if (anew && 'never' in anew)"],
    ['a conflict is folded', 'if (!merged.clean) return { files: merged.files };', ''],
    ['what has landed is folded again', 'if (landed.has(landingText(id))) continue;', ''],
    ['work that the target has already makes an empty commit', 'if (merged.tree === tip.tree) return tip;', ''],
    ['files that several tasks edit are not named', 'tasks.length > 1', 'tasks.length > 2'],
    ['whitespace does not count in a patch', "'patch-id', '--verbatim'", "'patch-id', '--stable'"],
  ]),
  ...mutationsOf('git/commit.ts', 'git/commit.test.ts', [
    ['a file that is edited is executable no more', "{ ...change, mode: '100755' }", 'change'],
    ['a path that is no UTF-8 is carried over as another', 'if (isUtf8(bytes)) return', 'return'],
  ]),
  ...mutationsOf('git/revision-tree.ts', 'activities/playbooks.test.ts', [
    [
      'an edit replaces the link to what it edits',
      'return link === undefined ? path :',
      'return link !== null ? path :',
    ],
  ]),
  ...mutationsOf('git/undo.ts', 'git/undo.test.ts', [
    ['landings are undone in the order of landing', 'units.toReversed()', 'units'],
    ['a conflict is not reported', "conflicts.push({ id: unit.id, why: 'changed', files: merged.files });", ''],
    [
      'what goes as well has to be listed',
      '(await pathsOf(mirror, all.head))',
      '(await pathsOf(mirror, request.head))',
    ],
    ['what a quarantine keeps is listed by nobody any more', 'if (orphans.length > 0)', 'if (false)'],
    [
      'a conflict keeps the rest from being undone',
      "conflicts.push({ id: unit.id, why: 'changed', files: merged.files });\n      continue;",
      "conflicts.push({ id: unit.id, why: 'changed', files: merged.files });\n      break;",
    ],
    ['what somebody undid already makes an empty commit', 'if (tree === before)', 'if (false)'],
    ['what somebody undid already is not said', 'empty.push(unit.id);', ''],
    ['a quarantine removes what it should keep', 'changes.filter(({ path }) => !kept.includes(path))', 'changes'],
    ['a quarantine does not suspend what it keeps', 'await suspended(mirror, merged.tree, kept)', 'merged.tree'],
    ['what stays in quarantine is not said', 'kept.forEach((path) => quarantined.add(path));', ''],
  ]),
  ...mutationsOf('git/orphans.ts', 'git/undo.test.ts', [
    [
      'a Flux Kustomization may go with what a quarantine keeps',
      '(isList ? listedIn(manifest, posix.dirname(path)) : builtBy(manifest))',
      '(isList ? listedIn(manifest, posix.dirname(path)) : [])',
    ],
    [
      'a list may go with the Flux Kustomization over what a quarantine keeps',
      'filesOf(named).forEach((file) => seen.add(file));',
      '',
    ],
    ['what prunes nothing has to stay', 'return deletes ? [', 'return true ? ['],
  ]),
  ...mutationsOf('git/suspend.ts', 'git/suspend.test.ts', [
    [
      'a HelmRelease in quarantine goes on being reconciled',
      "(kind === 'HelmRelease' && apiVersion",
      "(kind === '' && apiVersion",
    ],
    [
      'a Kustomization in quarantine goes on being reconciled',
      "(kind === 'Kustomization' && apiVersion",
      "(kind === '' && apiVersion",
    ],
    ['what says that it is not suspended stays so', 'if (given) return setTrue(text, given);', 'if (given) return [];'],
  ]),
];
