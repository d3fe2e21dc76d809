/** `joinpoint playbook`: which playbooks there are, what one would do to a folder, doing it, and whether it is done. */
import type { Command } from 'commander';
import { finish } from '../finish.js';
import { checkExitCodes, runExitCodes } from '../exit-code.js';
import type { PlaybookOptions } from '../playbook.js';

export function registerPlaybook(program: Command): void {
  const playbook = program
    .command('playbook')
    .description('list the playbooks, say what one would do to a repository, do it, or say whether it is done');
  playbook
    .command('list')
    .description('every playbook, a line each')
    .action((_: unknown, command: Command) =>
      finish(command, async (context) => (await import('../playbook.js')).listPlaybooks(context)),
    );
  playbook
    .command('show')
    .description('what a playbook takes, touches and leaves')
    .argument('<name>', 'the playbook')
    .action((name: string, _: unknown, command: Command) =>
      finish(command, async (context) => (await import('../playbook.js')).showPlaybook(context, name)),
    );
  playbook
    .command('check')
    .description('say whether what a playbook is for holds in the files of a folder')
    .argument('<name>', 'the playbook')
    .argument('[folder]', 'the repository', '.')
    .option('--with <json>', 'parameters that differ from the defaults', '{}')
    .addHelpText('after', checkExitCodes)
    .action((name: string, folder: string, options: PlaybookOptions, command: Command) =>
      finish(command, async (context) =>
        (await import('../playbook.js')).checkPlaybook(context, name, folder, options),
      ),
    );
  playbook
    .command('run')
    .description('say what a playbook would do to the files of a folder; with --write do it')
    .argument('<name>', 'the playbook')
    .argument('[folder]', 'the repository', '.')
    .option('--with <json>', 'parameters that differ from the defaults', '{}')
    .option('--stage <name>', 'only this stage')
    .option('--write', 'change the files', false)
    .addHelpText('after', runExitCodes)
    .action((name: string, folder: string, options: PlaybookOptions, command: Command) =>
      finish(command, async (context) =>
        (await import('../playbook.js')).runPlaybookHere(context, name, folder, options),
      ),
    );
}
