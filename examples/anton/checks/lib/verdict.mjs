/**
 * Turns checks into commands: `node checks/<file>.mjs <name> [argument...]`.
 *
 * A check gets the repository and returns `{ passed, missing }`: one line of evidence, and the lines that say
 * which file lacks what. Exit codes: 0 passed, 1 failed, 75 when it cannot tell.
 */
import { Repository } from './repository.mjs';

const shownLines = 25;

export function runCheck(checks) {
  const [name, ...rest] = process.argv.slice(2);
  const repository = new Repository();
  if (!repository.has('kubernetes/apps'))
    end(75, [`${process.cwd()}: has no kubernetes/apps, so nothing can be told about it`]);
  if (!checks[name]) end(75, [`no such check: ${name}; there are ${Object.keys(checks).join(', ')}`]);
  const { passed, missing } = checks[name](repository, ...rest);
  if (missing.length === 0) end(0, [passed]);
  end(
    1,
    missing.length > shownLines
      ? [...missing.slice(0, shownLines), `... and ${missing.length - shownLines} more`]
      : missing,
  );
}

function end(code, lines) {
  process.stdout.write(`${lines.join('\n')}\n`);
  process.exit(code);
}

/** Joins several checks to one: all of them have to pass. */
export function all(...checks) {
  return (repository) => {
    const results = checks.map((check) => check(repository));
    return {
      passed: results.map(({ passed }) => passed).join('; '),
      missing: results.flatMap(({ missing }) => missing),
    };
  };
}

/** A check that a document is there and that its text has what is asked for. */
export function documented(path, ...wanted) {
  return (repository) => {
    const text = repository.text(path);
    const phrases = wanted.flatMap((want) => (typeof want === 'function' ? want(repository) : [want]));
    const missing = text
      ? phrases
          .filter((phrase) => !text.includes(phrase))
          .map((phrase) => `${path}: does not say anything about "${phrase}"`)
      : [`${path}: is missing`];
    return { passed: `${path} has ${text.split('\n').length} lines and covers ${phrases.length} points`, missing };
  };
}

/** A check that runbooks have the parts that a tired person looks for at night. */
export function runbooks(...paths) {
  return all(...paths.map((path) => documented(path, '## Trigger', '## Steps', '## Rollback', '## Verify')));
}
