/** Carries `joinpoint lint` out: runs, writes the report in the form that was asked for, and tells by the exit code. */
import { setFlagsFromString } from 'node:v8';
import { descriptions } from '../../gitops/lint/lint.js';
import type { FileTree } from '../../gitops/source/file-tree.js';
import { commandLine, shortPath } from '../command-line.js';
import type { Context } from '../context.js';
import { exitCode, type ExitCode } from '../exit-code.js';
import { version } from '../package-root.js';
import { listenForInterruption } from '../serve/interruption.js';
import { exactRules } from './exact/rules.js';
import { githubLines } from './format-github.js';
import { jsonReport } from './format-json.js';
import { sarifReport } from './format-sarif.js';
import { summaryLines, textLines, type TextOptions } from './format-text.js';
import { isAtLeast, type LintReport } from './report.js';
import { Refusal } from '../refusal.js';
import { type LintCliOptions, type LintRequest, readRequest } from './request.js';
import { rulePage, rulePageUri } from './rule-pages.js';
import { runLint } from './run.js';
import { watchFolder } from './watch.js';

/** 0: nothing that must be mended. 1: something is. 2: it cannot be judged as asked. */
export async function lintFolder(context: Context, folder: string, options: LintCliOptions): Promise<ExitCode> {
  const request = await readRequest(folder, options, context.json);
  if (options.watch) return watchAndLint(context, request);
  // A quarter of a short run went into optimizing what then ran no longer; what runs long is still optimized.
  setFlagsFromString('--interrupt-budget=500000');
  const { report } = await runLint(request, Date.now());
  if (report.files === 0) throw new Refusal(`lint ${folder}: holds no YAML file; give the root of the repository`);
  process.stdout.write(written(context, request, report));
  return exitCodeOf(report, request);
}

/** What is not shown counts as well. */
function exitCodeOf({ findings, hidden }: LintReport, { strict }: LintRequest): ExitCode {
  const least = strict ? 'warning' : 'error';
  return [...findings, ...hidden].some((finding) => isAtLeast(finding, least)) ? exitCode.failed : exitCode.done;
}

/** Until it is interrupted; a report that says nothing new is not written again. */
async function watchAndLint(context: Context, request: LintRequest): Promise<ExitCode> {
  const interruption = listenForInterruption(
    () => undefined,
    () => Promise.resolve(),
  );
  let run = await runLint(request, Date.now());
  let said = '';
  const show = (tookMs?: number): void => {
    const text = written(context, request, run.report);
    const took = tookMs === undefined ? '' : `judged again in ${tookMs.toFixed()} ms; `;
    if (text !== said)
      process.stdout.write(`${context.isTerminal ? clearScreen : ''}${text}${took}watching; end with Ctrl-C\n`);
    said = text;
  };
  const again = async (): Promise<FileTree> => {
    const startedAt = performance.now();
    run = await runLint(request, Date.now(), run.memory);
    show(performance.now() - startedAt);
    return run.memory.kept.tree;
  };
  show();
  await watchFolder(request.root, again, run.memory.kept.tree, interruption.signal);
  interruption.stopListening();
  return exitCodeOf(run.report, request);
}

const clearScreen = '\u001B[H\u001B[2J\u001B[3J';

function written(context: Context, request: LintRequest, report: LintReport): string {
  const cwd = process.cwd();
  const text: TextOptions = { style: context.style, cwd, fixCommand: fixCommand(context, request, cwd) };
  switch (request.format) {
    case 'text':
      return lines(textLines(report, text));
    case 'github':
      return lines([...githubLines(report, cwd), ...summaryLines(report, text)]);
    case 'json':
      return lines([JSON.stringify(jsonReport(report), undefined, 2)]);
    case 'sarif':
      return lines([
        JSON.stringify(
          sarifReport(report, {
            cwd,
            version,
            rules: [...descriptions, ...exactRules],
            pageOf: rulePage,
            pageUri: rulePageUri,
          }),
          undefined,
          2,
        ),
      ]);
  }
}

/** For what is shown, and no more. */
function fixCommand({ program }: Context, { root, since, only }: LintRequest, cwd: string): string {
  return commandLine(
    { program, options: [] },
    'lint',
    shortPath(root, cwd),
    ...(since ? ['--since', since.commit.slice(0, 12)] : []),
    ...(only ? ['--rule', ...only] : []),
    '--fix',
  );
}

function lines(all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join('');
}
