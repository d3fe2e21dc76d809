/** Tasks 4.1 and 4.2: from a Pod's output to an answer in Grafana. */
import { deployed, releaseOf, there } from './lib/releases.mjs';
import { all, documented, runCheck } from './lib/verdict.mjs';

const thirtyDaysHours = 720;
const enough = named('720h or more', (value) => Number.parseInt(value, 10) >= thirtyDaysHours);
const escaped = named('a variable that Flux leaves alone ($${...})', (value) => /^\$\$\{\w+\}$/.test(value));

function named(name, test) {
  return Object.defineProperty(test, 'name', { value: name });
}

const loki = deployed('loki', {
  deploymentMode: 'Monolithic',
  'singleBinary.replicas': 1,
  'read.replicas': 0,
  'write.replicas': 0,
  'backend.replicas': 0,
  'loki.storage.type': 's3',
  'loki.storage.bucketNames.chunks': escaped,
  'loki.storage.s3.secretAccessKey': escaped,
});
const retention = deployed('loki', {
  'loki.limits_config.retention_period': enough,
  'loki.compactor.retention_enabled': true,
  'loki.compactor.delete_request_store': 's3',
});
const tuning = deployed('loki', {
  'loki.limits_config.ingestion_rate_mb': there,
  'loki.limits_config.max_query_parallelism': there,
  'loki.limits_config.split_queries_by_interval': there,
  'singleBinary.resources.limits.memory': there,
});

/** Alloy's own configuration has what `patterns` look for: a name and a regular expression each. */
function alloy(patterns) {
  return (repository) => {
    const release = releaseOf(repository, 'alloy');
    if (!release) return { passed: '', missing: ['kubernetes/apps: no Kustomization deploys the chart alloy'] };
    const content = release.values.alloy?.configMap?.content ?? '';
    const missing = Object.entries(patterns)
      .filter(([, pattern]) => !pattern.test(content))
      .map(([name]) => `${release.path}: spec.values.alloy.configMap.content has no ${name}`);
    return { passed: `Alloy has ${Object.keys(patterns).join(', ')}`, missing };
  };
}

const integration = alloy({
  'loki.write to Loki': /url\s*=\s*"http:\/\/loki\.monitoring\.svc\.cluster\.local:3100\/loki\/api\/v1\/push"/,
});

function datasource(repository) {
  const found = repository
    .ofKind('ConfigMap', 'v1', 'kubernetes/apps')
    .filter(
      ({ object }) =>
        object.metadata.labels?.grafana_datasource === '1' && /type: loki/.test(JSON.stringify(object.data)),
    );
  return {
    passed: 'Grafana has Loki as a data source',
    missing: found.length
      ? []
      : ['kubernetes/apps/monitoring: no ConfigMap with the label grafana_datasource: "1" names Loki'],
  };
}

function dashboard(repository) {
  const found = repository
    .ofKind('ConfigMap', 'v1', 'kubernetes/apps')
    .filter(
      ({ object }) =>
        object.metadata.labels?.grafana_dashboard === '1' && JSON.stringify(object.data).includes('count_over_time'),
    );
  return {
    passed: 'a dashboard shows logs',
    missing: found.length ? [] : ['kubernetes/apps/monitoring: no dashboard asks Loki'],
  };
}

runCheck({
  loki,
  retention,
  tuning: all(tuning, documented('docs/observability/loki.md', '## Tuning')),
  alloy: deployed('alloy', {
    'controller.type': 'daemonset',
    'alloy.resources.limits.memory': there,
    'configReloader.resources.limits.memory': there,
  }),
  parsing: alloy({ 'stage.json': /stage\.json/, 'stage.logfmt': /stage\.logfmt/, 'stage.drop': /stage\.drop/ }),
  metadata: alloy({
    'label namespace': /target_label\s*=\s*"namespace"/,
    'label pod': /target_label\s*=\s*"pod"/,
    'label app': /target_label\s*=\s*"app"/,
    'label node': /target_label\s*=\s*"node"/,
    'selector on the node': /spec\.nodeName=/,
  }),
  integration,
  stack: all(loki, retention, integration, datasource),
  examples: all(dashboard, documented('docs/observability/queries.md', '```logql')),
  troubleshooting: documented('docs/observability/troubleshooting.md', '## No logs of a Pod', '## Loki does not start'),
});
