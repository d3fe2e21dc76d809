/** `joinpoint doctor`: what joinpoint needs, whether it is there, and what to do where it is not. */
import type { Command } from 'commander';
import { finish } from '../finish.js';

export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('check what joinpoint needs: programs, server, workers, home')
    .action((_: unknown, command: Command) =>
      finish(command, async (context) => (await import('../doctor/doctor.js')).doctor(context)),
    );
}
