/** What a build has gathered so far: drafts of objects, and what went wrong or cannot be known. */
import { type ObjectId, objectText } from '../manifests/object-id.js';
import type { Origin } from '../manifests/origin.js';
import type { BuildProblem, BuildProblemCode, BuildUnknown } from './build.js';
import { type Draft, draftKey } from './draft.js';
import type { NameReference } from './name-references.js';

interface ProblemDetails {
  readonly related?: readonly Origin[];
  readonly id?: ObjectId;
}

/** Kustomizations that include each other under ever new names can double without end. */
const objectsAtMost = 20_000;

export class Accumulation {
  // Sets: a folder that is included twice says all it says once.
  readonly problems = new Set<BuildProblem>();
  readonly unknowns = new Set<BuildUnknown>();
  readonly inputs = new Set<string>();
  readonly nameReferences = new Set<NameReference>();
  /** How many folders stand one below another in it, itself among them. */
  height = 1;
  /** Something below was left out because of how deep this was gathered. */
  isCut = false;
  private gathered: Draft[] = [];
  private isTooLarge = false;
  /** Made when it is asked for, and again after names changed. */
  private byKey: Map<string, Draft> | undefined;

  /** `depth` is how many folders it is gathered below. */
  constructor(readonly depth: number) {}

  get drafts(): readonly Draft[] {
    return this.gathered;
  }

  problem(
    code: BuildProblemCode,
    message: string,
    at: Origin | string,
    { related = [], id }: ProblemDetails = {},
  ): void {
    const [origin, file] = typeof at === 'string' ? [undefined, at] : [at, at.document.file.path];
    this.problems.add({ code, message, origin, file, related, id });
  }

  /** Adds an object; one that is there already is a problem, and is kept beside it so that both can be shown. */
  append(draft: Draft): void {
    this.add(draft, this.find(draftKey(draft.id)));
  }

  /** Takes over all of another, whose own duplicates are noted already. */
  merge(other: Accumulation, drafts: readonly Draft[]): void {
    if (!other.isTooLarge) {
      const twins = drafts.map(({ id }) => this.find(draftKey(id)));
      for (const [index, draft] of drafts.entries()) this.add(draft, twins[index]);
    }
    for (const problem of other.problems) this.problems.add(problem);
    for (const unknown of other.unknowns) this.unknowns.add(unknown);
    for (const reference of other.nameReferences) this.nameReferences.add(reference);
    for (const input of other.inputs) this.inputs.add(input);
    this.isCut ||= other.isCut;
  }

  find(key: string): Draft | undefined {
    this.byKey ??= new Map(this.gathered.toReversed().map((draft) => [draftKey(draft.id), draft]));
    return this.byKey.get(key);
  }

  /** Changes or, with undefined, drops objects. */
  update(change: (draft: Draft) => Draft | undefined): void {
    this.gathered = this.gathered.map(change).filter((draft) => draft !== undefined);
    this.byKey = undefined;
  }

  /** Changes every object; two that were different and are the same now are a problem. */
  transform(change: (draft: Draft) => Draft): void {
    const seen = new Map<string, { readonly before: string; readonly draft: Draft }>();
    this.update((draft) => {
      const changed = change(draft);
      const [before, key] = [draftKey(draft.id), draftKey(changed.id)];
      const twin = seen.get(key);
      if (twin && twin.before !== before) this.duplicate(twin.draft, changed);
      seen.set(key, { before, draft: changed });
      return changed;
    });
  }

  private add(draft: Draft, twin: Draft | undefined): void {
    if (this.gathered.length >= objectsAtMost) {
      if (!this.isTooLarge) this.problem('too-large', `more than ${objectsAtMost} objects`, draft.composed.root);
      this.isTooLarge = true;
      return;
    }
    if (twin) this.duplicate(twin, draft);
    else this.byKey?.set(draftKey(draft.id), draft);
    // A file listed twice, again and again, would double at every level.
    if (!twin?.manifest || twin.manifest !== draft.manifest) this.gathered.push(draft);
  }

  private duplicate(first: Draft, second: Draft): void {
    const { id, composed, manifest, listedAt } = second;
    if (manifest && manifest === first.manifest) {
      const related = first.listedAt ? [first.listedAt] : [];
      this.problem('duplicate-object', `${objectText(id)} is listed twice`, listedAt ?? composed.root, { related, id });
      return;
    }
    const details = { related: [first.composed.root], id };
    this.problem('duplicate-object', `${objectText(id)} is built twice`, composed.root, details);
  }
}
