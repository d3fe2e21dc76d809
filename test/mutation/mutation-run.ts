/** One run of mutations: the tests as they are first, then each mutation with the tests that must notice it. */
import { Checkout, misfit } from './checkout.js';
import type { Mutation } from './mutation.js';
import { runTests, type TestOrder, type TestRun } from './vitest.js';

/** Two cores: more at once only make each other's servers slow. */
const copiesAtOnce = 2;

type Pace = Pick<TestOrder, 'testMs' | 'limitMs'>;

const unmutatedPace: Pace = { testMs: 120_000, limitMs: 900_000 };

/** A test that takes much longer than it did hangs; a busy machine is allowed for. */
function paceOf({ slowestMs, tookMs }: TestRun): Pace {
  const testMs = Math.min(unmutatedPace.testMs, 20_000 + 4 * slowestMs);
  return { testMs, limitMs: Math.min(unmutatedPace.limitMs, 60_000 + testMs + 2 * tookMs) };
}

export class MutationRun {
  readonly survivors: Mutation[] = [];
  /** What keeps a mutation from being judged, a line each. */
  readonly problems: string[] = [];
  noticed = 0;
  /** Of those noticed: by a test that came to no end. */
  hung = 0;
  private readonly paces = new Map<string, Pace>();

  constructor(
    private readonly root: string,
    private readonly chosen: readonly Mutation[],
    private readonly signal: AbortSignal,
  ) {}

  async run(): Promise<void> {
    const fitting = this.chosen.filter((mutation) => {
      const why = misfit(this.root, mutation);
      if (why !== undefined) this.problems.push(`${lineOf(mutation)}: ${why}`);
      return why === undefined;
    });
    const copies = Array.from({ length: copiesAtOnce }, () => Checkout.copyOf(this.root));
    try {
      const files = new Set(fitting.map(({ tests }) => tests));
      await this.inTurn(copies, files, (copy, tests) =>
        this.runUnmutated(
          copy,
          tests,
          fitting.filter((mutation) => mutation.tests === tests),
        ),
      );
      const judgeable = fitting.filter(({ tests }) => this.paces.has(tests));
      await this.inTurn(copies, judgeable, (copy, mutation) => this.judge(copy, mutation));
    } finally {
      for (const copy of copies) copy.remove();
    }
  }

  private async inTurn<T>(
    copies: readonly Checkout[],
    items: Iterable<T>,
    use: (copy: Checkout, item: T) => Promise<void>,
  ): Promise<void> {
    const queue = items[Symbol.iterator]();
    const lane = async (copy: Checkout): Promise<void> => {
      for (let next = queue.next(); !next.done && !this.signal.aborted; next = queue.next())
        await use(copy, next.value);
    };
    await Promise.all(copies.map(lane));
  }

  /** What fails or does not run without a mutation says nothing about one. */
  private async runUnmutated({ dir }: Checkout, tests: string, own: readonly Mutation[]): Promise<void> {
    const names = own.flatMap(({ named }) => (named === undefined ? [] : [named]));
    const named = names.length < own.length ? undefined : names.map((name) => `(?:${name})`).join('|');
    const run = await runTests({ dir, tests, named, ...unmutatedPace, signal: this.signal });
    if (this.signal.aborted) return;
    const end = run.end === 'passed' ? 'passed' : `${run.end}: ${run.why}`;
    console.log(`unmutated ${tests}: ${run.passed.length} tests, ${end} (${seconds(run.tookMs)})`);
    for (const name of new Set(names))
      if (!run.passed.some((test) => new RegExp(name).test(test)))
        this.problems.push(`${tests}: has no test that passes and is named ${name}`);
    if (run.end === 'passed') this.paces.set(tests, paceOf(run));
    else this.problems.push(`${tests}: ${run.end} without a mutation: ${run.why}`);
  }

  private async judge(copy: Checkout, mutation: Mutation): Promise<void> {
    const { tests, named } = mutation;
    const pace = this.paces.get(tests)!;
    const run = await copy.mutated(mutation, () =>
      runTests({ dir: copy.dir, tests, named, ...pace, signal: this.signal }),
    );
    if (this.signal.aborted) return;
    const tell = (word: string, why: string): void =>
      console.log(`${word.padEnd(8)} ${lineOf(mutation)} (${why}, ${seconds(run.tookMs)})`);
    switch (run.end) {
      case 'failed':
        this.noticed++;
        return tell('noticed', run.why);
      case 'hung':
        this.noticed++;
        this.hung++;
        return tell('hung', run.why);
      case 'passed':
        this.survivors.push(mutation);
        return tell('SURVIVED', named === undefined ? tests : `${tests}, ${named}`);
      case 'broken':
        this.problems.push(`${lineOf(mutation)}: its tests did not run: ${run.why}`);
        return tell('BROKEN', run.why);
    }
  }
}

export function lineOf({ file, what }: Mutation): string {
  return `${file}: ${what}`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
