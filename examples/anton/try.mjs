/**
 * Tries the plan beside this file without joinpoint: are its agents and its checks any good?
 *
 *   node examples/anton/try.mjs [REPOSITORY] [--keep] [--verbose]
 *
 * Copies a repository (by default ../homelab) to a temporary folder and carries the plan out there as the engine would:
 * tasks of a phase that lands together start from one base and are merged three-way in plan order, the others follow
 * one another. What an agent got wrong is given back to it, up to three attempts; a playbook is carried out by
 * joinpoint's command line, which has to be built. Says which proofs fail at the base
 * and pass afterwards, and ends with 1 if anything is not as it should be. --keep leaves the folder,
 * --verbose shows what checks said.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import picomatch from 'picomatch';
import { parse } from 'yaml';

const here = dirname(fileURLToPath(import.meta.url));
const flags = process.argv.slice(2).filter((argument) => argument.startsWith('--'));
const source = resolve(
  process.argv.slice(2).find((argument) => !argument.startsWith('--')) ?? join(here, '../homelab'),
);
const joinpoint = join(here, '../../bin/joinpoint.js');
const plan = parse(readFileSync(join(here, 'plan.yaml'), 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'joinpoint-try-'));
const repository = join(folder, 'repository');
const problems = [];
/** Gates that fail at the base: as in a rollout, what was broken before may stay so. */
const brokenBefore = new Set();
const totals = { commands: 0, people: 0, failAtBase: 0, passAfter: 0, attempts: 0, checks: 0, slowestMs: 0 };

const environment = { PATH: process.env.PATH, HOME: folder, JOINPOINT_PLAN: here, GIT_CONFIG_GLOBAL: '/dev/null' };
const identity = ['-c', 'user.name=try', '-c', 'user.email=try@example.com'];
const git = (...args) =>
  execFileSync('git', [...identity, ...args], { cwd: repository, encoding: 'utf8', env: environment }).trimEnd();

cpSync(source, repository, { recursive: true, filter: (path) => !/\/\.git(\/|$)/.test(path) });
git('init', '--quiet', '--initial-branch=main');
git('add', '--all');
git('commit', '--quiet', '--message=base');
console.log(`${source} -> ${repository}\n`);
gatesAt('the base', false);

for (const phase of plan.phases) {
  console.log(`Phase ${phase.id}: ${phase.title}`);
  const base = git('rev-parse', 'main');
  const branches = [];
  for (const task of phase.tasks ?? []) {
    const from = phase.land === 'each' ? 'main' : base;
    branches.push(carryOut(phase, task, from));
    if (phase.land === 'each') fold(branches.pop(), task);
  }
  branches.forEach((branch, index) => fold(branch, phase.tasks[index]));
  for (const stage of (phase.stages ?? []).slice(0, -1)) landStage(phase, stage, base);
  for (const [kind, proofs] of [
    ['criterion', phase.criteria],
    ['step', phase.joinPoint?.steps],
  ]) {
    for (const proof of proofs ?? []) prove(kind, proof, base);
  }
  gatesAt(`the end of phase ${phase.id}`, true, phase.gates);
  console.log();
}
// What an early phase put in order, a later one must not have put out of order.
// One document is of its time: the analysis of what ran before there were limits.
const dated = /resources\.mjs" analysis/;
for (const phase of plan.phases) {
  const proofs = [
    ...(phase.tasks ?? []).flatMap(({ deliverables = [] }) => deliverables),
    ...(phase.criteria ?? []),
    ...(phase.joinPoint?.steps ?? []),
  ];
  for (const proof of proofs.filter((one) => !one.person && !dated.test(commandOf(one)))) {
    const { code, output } = check(commandOf(proof));
    if (code !== 0) problems.push(`phase ${phase.id}: "${proof.title}" does not hold at the end: ${output}`);
  }
}
report();

/** One task on a branch of its own, with as many attempts as it needs. */
function carryOut(phase, task, from) {
  git('checkout', '--quiet', '-B', task.branch, from);
  const base = git('rev-parse', 'HEAD');
  const proofs = task.deliverables ?? [];
  const atBase = proofs.map((proof) => (proof.person ? undefined : check(commandOf(proof))));
  let feedback = [];
  for (let attempt = 1; attempt <= plan.defaults.attempts; attempt++) {
    totals.attempts++;
    const job = {
      rollout: { name: plan.name, uid: 'try' },
      phase: { id: phase.id, title: phase.title },
      task,
      attempt,
      feedback,
      branch: task.branch,
      base,
    };
    feedback = runAgent(job);
    if (feedback.length === 0) feedback = findings(task, base);
    console.log(
      `  ${task.id} attempt ${attempt}: ${
        feedback.length
          ? feedback
              .join('\n')
              .split('\n')
              .slice(0, flags.includes('--verbose') ? 40 : 2)
              .join('\n      ')
          : 'clean'
      }`,
    );
    if (feedback.length === 0) break;
  }
  if (feedback.length) problems.push(`${task.id}: not done after ${plan.defaults.attempts} attempts`);
  const before = git('rev-parse', 'HEAD^{tree}');
  if (
    runAgent({ ...task, rollout: {}, phase, task, attempt: 9, feedback: ['again'], branch: task.branch, base }).length
  )
    problems.push(`${task.id}: fails when it runs again`);
  commit(task);
  if (git('rev-parse', 'HEAD^{tree}') !== before)
    problems.push(
      `${task.id}: is not idempotent: ${git('diff', '--name-only', before, 'HEAD').split('\n').join(', ')}`,
    );

  proofs.forEach((proof, index) => {
    if (proof.person) return void totals.people++;
    totals.commands++;
    const after = check(commandOf(proof));
    const [was, is] = [atBase[index].code, after.code].map((code) =>
      code === 0 ? 'passes' : code === 75 ? 'cannot tell' : 'fails',
    );
    if (was === 'fails') totals.failAtBase++;
    else problems.push(`${task.id}: "${proof.title}" ${was} at the base`);
    if (is === 'passes') totals.passAfter++;
    else problems.push(`${task.id}: "${proof.title}" ${is} afterwards: ${after.output}`);
    console.log(`      ${was} -> ${is}  ${proof.title}`);
    if (flags.includes('--verbose'))
      console.log(`          was: ${atBase[index].output.split('\n')[0]}\n          now: ${after.output}`);
  });
  return task.branch;
}

/** What shows a proof: its own command, or joinpoint's check of what a playbook is for. */
function commandOf({ run, playbook }) {
  return run ?? `node "${joinpoint}" playbook check ${playbook.name} --with '${JSON.stringify(playbook.with ?? {})}'`;
}

/** Each stage is committed before the next, as a landing would. */
function runPlaybook({ playbook, ...task }) {
  const words = ['playbook', 'run', playbook.name, '--write', '--json', '--with', JSON.stringify(playbook.with ?? {})];
  for (;;) {
    const { status, stdout, stderr } = spawnSync('node', [joinpoint, ...words], { cwd: repository, encoding: 'utf8' });
    commit(task);
    if (status !== 0) return [`the playbook ended with ${status}: ${stderr || stdout}`];
    if (JSON.parse(stdout).next === undefined) return [];
  }
}

function runAgent(job) {
  if (job.task.playbook) return runPlaybook(job.task);
  const result = join(folder, 'result.json');
  rmSync(result, { force: true });
  writeFileSync(join(folder, 'task.json'), JSON.stringify(job));
  const { status, stdout, stderr } = spawnSync('sh', ['-c', plan.agents[job.task.agent].run], {
    cwd: repository,
    encoding: 'utf8',
    input: JSON.stringify(job),
    env: { ...environment, JOINPOINT_TASK_FILE: join(folder, 'task.json'), JOINPOINT_RESULT_FILE: result },
  });
  commit(job.task);
  if (status !== 0) return [`the agent ended with ${status}: ${stderr || stdout}`];
  const { summary, comment } = JSON.parse(readFileSync(result, 'utf8'));
  return summary && comment ? [] : ['the agent reported nothing'];
}

function commit(task) {
  git('add', '--all');
  if (git('status', '--porcelain')) git('commit', '--quiet', `--message=${task.id} ${task.title}`);
}

/** What the engine would send back: files outside the globs, static checks that got worse, deliverables that fail. */
function findings(task, base) {
  const isAllowed = picomatch(task.files, { dot: true });
  const outside = git('diff', '--name-only', base, 'HEAD')
    .split('\n')
    .filter((path) => path && !isAllowed(path));
  const unproven = (task.deliverables ?? [])
    .filter((proof) => !proof.person && check(commandOf(proof)).code !== 0)
    .map((proof) => `${proof.title}: ${check(commandOf(proof)).output}`);
  const worse = plan.staticChecks.filter(({ run }) => check(run).code !== 0).filter(({ run }) => !failsAt(base, run));
  return [
    ...outside.map((path) => `${path}: is outside the files of ${task.id}`),
    ...unproven,
    ...worse.map(({ name, run }) => `${name}: ${check(run).output}`),
  ];
}

function failsAt(commitId, run) {
  const head = git('rev-parse', '--abbrev-ref', 'HEAD');
  git('checkout', '--quiet', commitId);
  const { code } = check(run);
  git('checkout', '--quiet', head);
  return code !== 0;
}

/** Replays a branch on main as one commit; a playbook is carried out anew, so that it cannot conflict. */
function fold(branch, task) {
  if (task.playbook) {
    git('checkout', '--quiet', '-f', 'main');
    problems.push(...runPlaybook(task));
    return proveMerged(task);
  }
  const tree = spawnSync('git', ['merge-tree', '--write-tree', '--name-only', 'main', branch], {
    cwd: repository,
    encoding: 'utf8',
    env: environment,
  });
  git('checkout', '--quiet', '-f', 'main');
  if (tree.status !== 0)
    return void problems.push(
      `${task.id}: conflicts with what was merged before it: ${tree.stdout.split('\n').slice(1, 6).join(' ')}`,
    );
  const folded = git('commit-tree', tree.stdout.split('\n')[0], '-p', 'main', '-m', `${task.id} ${task.title}`);
  git('reset', '--quiet', '--hard', folded);
  proveMerged(task);
}

function proveMerged(task) {
  for (const proof of (task.deliverables ?? []).filter(({ person }) => !person)) {
    const { code, output } = check(commandOf(proof));
    if (code !== 0) problems.push(`${task.id}: "${proof.title}" fails in the merged tree: ${output}`);
  }
}

/** What lands first has to stand by itself: only this stage's files on the base, and no gate that passed there fails. */
function landStage(phase, stage, base) {
  const isInStage = picomatch(stage.paths, { dot: true });
  const paths = git('diff', '--name-only', '--no-renames', base, 'main').split('\n').filter(isInStage);
  const gates = [...plan.staticChecks, ...plan.gates];
  git('checkout', '--quiet', '--detach', base);
  const atBase = gates.map(({ run }) => check(run).code);
  const kept = paths.filter((path) => git('ls-tree', '--name-only', 'main', path));
  if (kept.length) git('checkout', '--quiet', 'main', '--', ...kept);
  for (const path of paths.filter((one) => !kept.includes(one))) git('rm', '--quiet', path);
  gates.forEach(({ name, run }, index) => {
    const { code, output } = check(run);
    if (code !== 0 && atBase[index] === 0)
      problems.push(`phase ${phase.id}, stage ${stage.name}: ${name} fails: ${output}`);
  });
  git('checkout', '--quiet', '-f', 'main');
  console.log(`  stage ${stage.name}: ${paths.length} files stand by themselves`);
}

function prove(kind, proof, base) {
  if (proof.person) return console.log(`  ${kind}, a person: ${proof.title}`);
  const { code, output } = check(commandOf(proof));
  console.log(`  ${kind}, ${code === 0 ? 'passed' : `FAILED (${code})`}: ${proof.title}`);
  if (code !== 0) problems.push(`${kind} "${proof.title}": ${output}`);
  if (flags.includes('--verbose') && failsAt(base, commandOf(proof)) === false)
    console.log('      (passes at the base, too)');
}

function gatesAt(when, mustPass, more = []) {
  for (const gate of [...plan.staticChecks, ...plan.gates, ...more]) {
    const { code, output } = check(gate.run);
    if (code !== 0) console.log(`  ${gate.name} fails at ${when}: ${output.split('\n')[0]}`);
    if (code !== 0 && !mustPass) brokenBefore.add(gate.name);
    if (code !== 0 && !brokenBefore.has(gate.name)) problems.push(`${gate.name} at ${when}: ${output}`);
    if (gate.control && check(gate.control).code !== 0)
      problems.push(`${gate.name}: its control does not see what was planted`);
  }
}

function check(run) {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync('sh', ['-c', run], {
    cwd: repository,
    encoding: 'utf8',
    env: environment,
  });
  totals.checks++;
  totals.slowestMs = Math.max(totals.slowestMs, Math.round(performance.now() - start));
  return { code: status, output: (stdout + stderr).trim() };
}

function report() {
  const [files, ...log] = [
    git('diff', '--shortstat', git('rev-list', '--max-parents=0', 'main'), 'main'),
    ...git('log', '--oneline', '--reverse', 'main').split('\n'),
  ];
  console.log(`${log.length - 1} landings,${files}`);
  console.log(
    `${totals.commands} deliverables by command (${totals.failAtBase} fail at the base, ${totals.passAfter} pass afterwards), ${totals.people} by a person`,
  );
  console.log(`${totals.attempts} attempts, ${totals.checks} checks, the slowest took ${totals.slowestMs} ms`);
  if (flags.includes('--keep')) console.log(`kept: ${repository}`);
  else rmSync(folder, { recursive: true, force: true });
  if (problems.length)
    console.log(`\n${problems.length} problems\n${problems.map((problem) => `- ${problem}`).join('\n')}`);
  process.exit(problems.length ? 1 : 0);
}
