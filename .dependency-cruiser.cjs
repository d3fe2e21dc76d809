/** Which folder may know which: the drawing in ARCHITECTURE.md is made from the same graph. */
const product = '^(gates|plan|gitops|playbooks|git|workflows|activities|worker|client)/';
const ours = '^(gates|plan|gitops|playbooks|git|workflows|activities|worker|client|test|scripts|bin|examples)/';

/** From a folder, nothing of ours but itself and the paths named. */
const only = (folder, comment, ...allowed) => ({
  name: `${folder}-imports`,
  comment,
  severity: 'error',
  from: { path: `^${folder}/`, pathNot: '\\.test\\.ts$' },
  to: { path: ours, pathNot: [`^${folder}/`, ...allowed] },
});

/** From a folder, these paths by `import type` only. */
const typesOnly = (folder, comment, path, pathNot = []) => ({
  name: `${folder}-types-only`,
  comment,
  severity: 'error',
  from: { path: `^${folder}/`, pathNot: '\\.test\\.ts$' },
  to: { path, pathNot, dependencyTypesNot: ['type-only'] },
});

/** From a folder, no Node built-ins and no packages but these. */
const packages = (folder, comment, ...allowed) => packagesExcept(folder, [], comment, ...allowed);

/** The same, but for the subfolders that touch the world for the rest. */
const packagesExcept = (folder, exempt, comment, ...allowed) => ({
  name: `${folder}-packages`,
  comment,
  severity: 'error',
  from: { path: `^${folder}/`, pathNot: ['\\.test\\.ts$', ...exempt] },
  to: {
    dependencyTypes: ['core', 'npm', 'npm-dev'],
    pathNot: allowed.map((name) => `node_modules/${name}/`),
    dependencyTypesNot: ['type-only'],
  },
});

module.exports = {
  forbidden: [
    only('gates', 'gates/ is pure verdicts from observations: it knows nothing of ours.'),
    only('plan', 'plan/ is the pure model: it knows gates/ alone.', '^gates/'),
    only('gitops', 'gitops/ reads, judges and edits a repository: it knows nothing of ours.'),
    only(
      'playbooks',
      'A playbook is a function of the repository model, with its checks as gates.',
      '^(gitops|gates)/',
    ),
    only(
      'git',
      'git/ carries out what plan/ says, and gives trees to gitops/; it knows the models, never who calls it.',
      '^(plan|gitops/source)/',
      '^gitops/yaml/parse-documents\\.ts$',
    ),
    typesOnly('git', 'Of plan/, git/ runs only the landing order, throws its error and words its counts.', '^plan/', [
      '^plan/(rollout-error|landing-order|counted)\\.ts$',
    ]),
    typesOnly(
      'git',
      'git/ gives trees; of what is in them it reads YAML documents, to leave an undo’s data alone.',
      '^gitops/',
      ['^gitops/yaml/parse-documents\\.ts$'],
    ),
    only(
      'workflows',
      'Workflow code decides: it runs plan/ and gates/, and sees the types of what touches the world.',
      '^(plan|gates|git|activities)/',
    ),
    typesOnly(
      'workflows',
      'A workflow never runs an activity: `import type` and proxyActivities.',
      '^(git|activities)/',
    ),
    only('activities', 'activities/ touch the world; the worker composes them.', '^(git|plan|gates|gitops|playbooks)/'),
    only(
      'worker',
      'The composition root knows everything but the command line.',
      '^(gates|plan|git|gitops|playbooks|workflows|activities)/',
    ),
    only(
      'client',
      'The command line talks to workflows through their messages, and composes the worker for `up`.',
      '^(gates|plan|git|gitops|playbooks|workflows|worker)/',
    ),
    typesOnly(
      'client',
      'Of workflows/, the client runs the messages, the ids and the search attributes; the rest are types.',
      '^workflows/',
      ['^workflows/(messages|ids|search-attributes)\\.ts$'],
    ),
    {
      name: 'commands-load-lazily',
      comment: 'A command is declared without what it runs, so that `joinpoint --help` and `lint` start at once.',
      severity: 'error',
      from: { path: '^client/(main|program|finish|context|commands/.*)\\.ts$' },
      to: {
        dynamic: false,
        dependencyTypesNot: ['type-only', 'core'],
        pathNot: [
          '^client/(commands/|(command-line|context|exit-code|finish|package-root|program|program-name|refusal|usage-error)\\.ts)',
          '^plan/render-style\\.ts$',
          'node_modules/commander/',
        ],
      },
    },
    packages('gates', 'Verdicts need the language alone.'),
    packages('plan', 'The model parses and matches; it never touches the world.', 'zod', 'yaml', '(@types/)?picomatch'),
    packagesExcept(
      'gitops',
      ['^gitops/source/'],
      'The model is pure but for gitops/source/, which reads a folder.',
      're2js',
      'yaml',
      '@prometheus-io/lezer-promql',
      '(@types/)?picomatch',
    ),
    packages(
      'workflows',
      'The workflow side of the SDK; .dependency-cruiser.bundle.cjs looks at all that it loads.',
      '@temporalio/(workflow|common)',
    ),
    {
      name: 'no-product-to-tests',
      comment: 'What ships never imports a test or its harness.',
      severity: 'error',
      from: { path: product, pathNot: '\\.test\\.ts$' },
      to: { path: '(^(test|scripts|examples)/)|\\.test\\.ts$' },
    },
    {
      name: 'no-circular',
      comment: 'No cycles, whatever the kind of import.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'A module that nobody imports and that imports nothing is forgotten.',
      severity: 'error',
      from: { orphan: true, pathNot: ['\\.(test|config)\\.ts$', '^(bin|scripts)/', '\\.d\\.ts$'] },
      to: {},
    },
    {
      name: 'resolvable',
      comment: 'Every import leads somewhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'declared',
      comment: 'What ships uses only the dependencies that package.json installs with it.',
      severity: 'error',
      from: { path: product, pathNot: '\\.test\\.ts$' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['type-only'],
        pathNot: 'node_modules/@types/',
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage|examples/homelab)/' },
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
