/** What the workflow sandbox loads: the code that is left of workflows/ when the types are gone. */
const { builtinModules } = require('node:module');
const { options } = require('./.dependency-cruiser.cjs');

const builtins = `^(node:)?(${builtinModules.filter((name) => !name.startsWith('_')).join('|')})$`;

module.exports = {
  forbidden: [
    {
      name: 'bundle-is-pure',
      comment: 'Workflow code is replayed: nothing that it loads may touch the world, nor parse with zod or yaml.',
      severity: 'error',
      from: { path: '^workflows/', pathNot: '\\.test\\.ts$' },
      to: {
        path: [
          '^(git|activities|worker|client|test)/',
          '^plan/schema\\.ts$',
          'node_modules/(?!@temporalio/)',
          builtins,
        ],
        reachable: true,
      },
    },
  ],
  options: { ...options, tsPreCompilationDeps: false, doNotFollow: { path: 'node_modules' } },
};
