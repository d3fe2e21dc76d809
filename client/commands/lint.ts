/** `joinpoint lint`: judges a GitOps repository without a cluster, and makes the safe fixes. */
import type { Command } from 'commander';
import { finish } from '../finish.js';
import type { LintCliOptions } from '../lint/request.js';

export function registerLint(program: Command): void {
  program
    .command('lint')
    .description('judge a GitOps repository without a cluster: file:line:column, what is wrong, what to do')
    .argument('[dir]', 'the root of the repository', '.')
    .option('--since <rev>', 'only what is new since a git revision, and what the change itself breaks')
    .option('--fix', 'make the safe fixes', false)
    .option('--watch', 'judge again after every change', false)
    .option('--format <form>', 'text, json, sarif or github (default: text)')
    .option('--rule <id...>', 'only these rules', [])
    .option('--severity <level>', 'show nothing less severe: error, warning or info', 'info')
    .option('--strict', 'warnings fail, too', false)
    .option('--no-exact', 'leave out kustomize, helm and kubeconform, even where they are on PATH')
    .option('--schemas <dir>', 'JSON schemas for kubeconform: a folder, or a template of its -schema-location')
    .option('--charts <dir>', 'charts for helm template: folders or .tgz, by name or name-version')
    .option('--kube-version <version>', "the cluster's Kubernetes, for helm template and kubeconform")
    .action((dir: string, options: LintCliOptions, command: Command) =>
      finish(command, async (context) => (await import('../lint/lint-command.js')).lintFolder(context, dir, options)),
    );
}
