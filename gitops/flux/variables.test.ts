import { describe, expect, test } from 'vitest';
import { fluxKustomization, object, withRoot } from '../model/testing.js';

const app = (substitution: string, files: Readonly<Record<string, string>>) =>
  withRoot({
    'apps/ks.yaml': fluxKustomization('app', 'app', `  postBuild:\n${substitution}`),
    ...files,
  }).flux.kustomization('flux-system', 'app');

test('variables of the Kustomization are put into names and values; quotes do not keep a text', () => {
  const kustomization = app('    substitute: {APP: plex, PORT: "80"}\n', {
    'app/a.yaml': object(
      'ConfigMap',
      '"${APP}-settings"',
      'data: {port: "${PORT}", host: "${APP}.${DOMAIN:=home}", keep: "$${APP}"}\n',
    ),
  });
  const [settings] = kustomization?.objects ?? [];
  expect(settings?.id.name).toBe('plex-settings');
  expect(settings?.composed.at(['data']).value).toEqual({ port: 80, host: 'plex.home', keep: '${APP}' });
  expect(settings?.composed.origin(['data', 'host']).place).toEqual({ file: 'app/a.yaml', line: 5, column: 25 });
  expect(settings?.substitutions.map(({ variable, outcome }) => `${variable} ${outcome}`)).toEqual([
    'APP set',
    'PORT set',
    'APP set',
    'DOMAIN default',
  ]);
});

test('without postBuild, and with an annotation, nothing is put in', () => {
  const plain = withRoot({ 'apps/a.yaml': object('ConfigMap', 'a', 'data: {x: "${X:=y}"}\n') }).flux.objects;
  expect(plain.find(({ id }) => id.name === 'a')?.composed.at(['data', 'x']).value).toBe('${X:=y}');
  const kustomization = app('    substitute: {X: y}\n', {
    'app/a.yaml': object(
      'ConfigMap',
      'a',
      '  annotations: {kustomize.toolkit.fluxcd.io/substitute: disabled}\ndata: {x: "${X}"}\n',
    ),
  });
  expect(kustomization?.objects[0]?.composed.at(['data', 'x']).value).toBe('${X}');
});

describe('variables of ConfigMaps and Secrets', () => {
  const from =
    '    substituteFrom:\n      - {kind: ConfigMap, name: settings}\n      - {kind: Secret, name: secrets}\n';
  const reader = { 'app/a.yaml': object('ConfigMap', 'a', 'data: {a: "${A}", b: "${B}", c: "${C}"}\n') };

  test('a ConfigMap that another Kustomization applies, and the keys of an encrypted Secret', () => {
    const kustomization = app(from, {
      ...reader,
      'apps/config.yaml': fluxKustomization('config', 'config'),
      'config/all.yaml': [
        object('ConfigMap', 'settings', '  namespace: flux-system\ndata: {A: from settings}\n'),
        object(
          'Secret',
          'secrets',
          '  namespace: flux-system\nstringData: {B: "ENC[AES256_GCM,data:x]"}\nsops: {mac: x}\n',
        ),
      ].join('---\n'),
    });
    expect(kustomization?.objects[0]?.composed.at(['data']).value).toEqual({ a: 'from settings', b: '${B}', c: null });
    expect(kustomization?.variables.sources.map(({ name, status }) => `${name} ${status}`)).toEqual([
      'settings read',
      'secrets read',
    ]);
    expect(kustomization?.objects[0]?.substitutions.map(({ variable, outcome }) => `${variable} ${outcome}`)).toEqual([
      'A set',
      'B unknown',
      'C empty',
    ]);
  });

  test('a Secret whose keys stand in no file may set any variable', () => {
    const kustomization = app(from, {
      ...reader,
      'app/secret.yaml': object(
        'ExternalSecret',
        'secrets',
        '  namespace: flux-system\nspec: {dataFrom: [{extract: {key: x}}]}\n',
      ),
    });
    expect(kustomization?.variables.sources.map(({ status }) => status)).toEqual(['missing', 'opaque']);
    expect(kustomization?.objects.find(({ id }) => id.name === 'a')?.composed.at(['data', 'c']).value).toBe('${C}');
  });
});

test('a child that is written with variables which a later one brings is read again', () => {
  const { flux } = withRoot(
    {
      'apps/a-child.yaml': fluxKustomization('child', '${CLUSTER}'),
      'apps/config.yaml': fluxKustomization('config', 'config'),
      'config/settings.yaml': object('ConfigMap', 'settings', '  namespace: flux-system\ndata: {CLUSTER: home}\n'),
      'home/a.yaml': object('ConfigMap', 'a'),
    },
    '  postBuild:\n    substituteFrom: [{kind: ConfigMap, name: settings}]\n',
  );
  expect(flux.kustomization('flux-system', 'child')?.directory).toEqual({ status: 'here', path: 'home' });
});

test('an expression that Flux refuses is a problem of the Kustomization', () => {
  const kustomization = app('    substitute: {A: b}\n', {
    'app/a.yaml': object('ConfigMap', 'a', 'data:\n  x: "${A.b}"\n'),
  });
  expect(kustomization?.problems.map(({ message, origin }) => [message, origin.place.line])).toEqual([
    ['${A.…: is not closed', 6],
  ]);
});
