/** Owns running a command whose process group stands in the home's record as long as it runs. */

import { forgetProcess, recordProcess } from './leftovers.js';
import type { ProcessIdentity } from './process-identity.js';
import { type CommandOptions, type CommandResult, runCommand } from './run-command.js';

/**
 * `runCommand`, so that the next worker of this home, or this one's end, can end what it started.
 * @throws Error, which a retry mends, when the command was ended as a leftover: how it ended says nothing about it.
 */
export async function runRecorded(
  home: string,
  key: string,
  options: Omit<CommandOptions, 'onStart'>,
): Promise<CommandResult> {
  let started: ProcessIdentity | undefined;
  let wasTaken = false;
  let result: CommandResult;
  try {
    result = await runCommand({
      ...options,
      onStart: async (info) => {
        started = info;
        await recordProcess(home, key, info);
      },
    });
  } finally {
    if (started) wasTaken = !(await forgetProcess(home, key, started));
  }
  if (wasTaken) throw new Error(`${key}: was ended as a leftover before it was done; it is tried again`);
  return result;
}
