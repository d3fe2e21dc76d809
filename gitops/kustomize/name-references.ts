/** Which fields hold the name of another object, so that kustomize renames them together. */

export interface NameReference {
  /** The kind whose name the field holds. */
  readonly kind: string;
  /** Of the object with the field; undefined for any. */
  readonly referrerKind: string | undefined;
  readonly referrerGroup: string | undefined;
  /** Keys; sequences on the way are passed through. */
  readonly path: readonly string[];
}
