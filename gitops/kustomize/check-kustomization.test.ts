import { expect, test } from 'vitest';
import { repositoryOf } from '../model/testing.js';
import { besideThem, refused, taken, withResources } from './testing-kustomizations.js';

const problemsOf = (text: string): readonly string[] =>
  repositoryOf({ ...besideThem, 'kustomization.yaml': withResources(text) })
    .kustomize.build('')
    .problems.map(({ message }) => message);

test.each(refused)('refused: %s', (text, message) => {
  expect(problemsOf(text)).toEqual([message]);
});

test.each(taken)('taken: %s', (text) => {
  expect(problemsOf(text)).toEqual([]);
});

test('each is said where it stands, and a component is looked at too', () => {
  const files = {
    'kustomization.yaml': 'components: [c]\nimages:\n  - name: x\n    newTag: 1.10\n',
    'c/kustomization.yaml': 'kind: Component\nreplicas:\n  - count: 2\n',
  };
  const { problems } = repositoryOf(files).kustomize.build('');
  expect(problems.map(({ code, origin }) => [code, origin?.place])).toEqual([
    ['wrong-type', { file: 'kustomization.yaml', line: 4, column: 5 }],
    ['wrong-value', { file: 'c/kustomization.yaml', line: 3, column: 5 }],
  ]);
});

test('what a field of other letters says is not known', () => {
  const { unknowns } = repositoryOf({ 'kustomization.yaml': 'Resources: [a.yaml]\n' }).kustomize.build('');
  expect(unknowns).toMatchObject([{ code: 'beyond-reading', text: 'Resources' }]);
});
