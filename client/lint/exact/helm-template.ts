/** The render layer: `helm template` of every HelmRelease whose chart is at hand and whose values are known. */
import type { HelmRelease } from '../../../gitops/flux/helm-release.js';
import { type Finding, findingOf } from '../../../gitops/lint/finding.js';
import { objectText } from '../../../gitops/manifests/object-id.js';
import type { Place } from '../../../gitops/manifests/origin.js';
import type { Repository } from '../../../gitops/model/repository.js';
import { oneLine } from '../format-text.js';
import type { ExactRequest } from '../request.js';
import { chartAtHand } from './chart-folder.js';
import { pointerPath } from './kubeconform.js';
import { helmTemplate } from './rules.js';
import { ask, each, grouped, type LayerResult, missing, notRun } from './tool.js';
import { withoutValue } from './without-value.js';

export async function runHelmTemplate({ clusters }: Repository, options: ExactRequest): Promise<LayerResult> {
  const { charts, kubeVersion } = options;
  const why = missing('helm') ?? (charts === undefined ? 'give --charts' : undefined);
  if (why !== undefined || charts === undefined) return notRun(helmTemplate.id, why ?? '');
  const releases = clusters.flatMap(({ flux }) => flux.helmReleases);
  const renders = await each(releases, (release) => render(release, charts, kubeVersion));
  const leftOut = renders.flatMap((outcome) => (typeof outcome === 'string' ? [outcome] : []));
  return {
    run: {
      layer: helmTemplate.id,
      status: 'ran',
      checked: renders.length - leftOut.length,
      leftOut: grouped(leftOut),
    },
    findings: renders.flatMap((outcome) => (typeof outcome === 'string' ? [] : outcome)),
  };
}

/** Its findings; a text where it must be left out. */
async function render(
  release: HelmRelease,
  charts: string,
  kubeVersion: string | undefined,
): Promise<readonly Finding[] | string> {
  const { id, chart, values, valuesSources, releaseName, targetNamespace } = release;
  const subject = objectText(id);
  if (chart?.name === undefined) return `${subject} (its chart is not known)`;
  const unread = valuesSources.find(({ status }) => status !== 'read');
  if (unread) return `${subject} (values from ${unread.kind} ${unread.name} are not known)`;
  const atHand = await chartAtHand(charts, chart.name, chart.version);
  if ('leftOut' in atHand) return atHand.leftOut;
  const answer = await ask(
    'helm',
    [
      'template',
      releaseName,
      atHand.path,
      '--namespace',
      targetNamespace,
      '--values',
      '-',
      ...(kubeVersion === undefined ? [] : ['--kube-version', kubeVersion]),
    ],
    JSON.stringify(values.value ?? {}),
  );
  if (typeof answer === 'string') return `${subject} (${answer})`;
  if (answer.exitCode === 0) return [];
  // The chart at hand is not whole, or not for this cluster: that says nothing of the release.
  if (/missing in charts\/ directory|chart requires kubeVersion/.test(answer.stderr))
    return `${subject} (${oneLine(answer.stderr)})`;
  return helmErrors(answer.stderr).map(({ path, what }) => {
    const said = withoutValue(what, release.values.value, path);
    return findingOf(helmTemplate, {
      at: placeOf(release, path),
      subject,
      message: `Helm cannot render it: ${path.length > 0 ? `values.${path.join('.')}: ` : ''}${said}; the release fails until that is mended`,
      key: `${path.join('.')} ${said}`,
    });
  });
}

function placeOf({ chart, values, object }: HelmRelease, path: readonly (string | number)[]): Place {
  return path.length > 0 ? values.origin(path).place : (chart?.origin ?? object.composed.root).place;
}

interface HelmError {
  /** Into the values; empty where Helm names none. */
  readonly path: readonly (string | number)[];
  readonly what: string;
}

/** One for each value that the chart's schema refuses; else the message. Helm 3.18 writes JSON pointers, older ones dots. */
export function helmErrors(stderr: string): readonly HelmError[] {
  const refused = stderr.split('\n').flatMap((line): readonly HelmError[] => {
    const [, pointer, what] = /^- at '([^']*)': (.*)$/.exec(line) ?? [];
    if (what !== undefined) return [{ path: pointerPath(pointer!), what }];
    const [, dotted, message] = /^- ([^:\s]+): (.*)$/.exec(line) ?? [];
    if (message === undefined) return [];
    return [{ path: dotted === '(root)' ? [] : dotted!.split('.'), what: message }];
  });
  if (refused.length > 0) return refused;
  const said = stderr.replace(/^(WARNING|coalesce\.go).*$/gm, '').replace(/^[\s\S]*?^Error: /m, '');
  return [{ path: [], what: oneLine(said.replace(/Use --debug flag[^\n]*/, '')) }];
}
