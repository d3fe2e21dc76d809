/** What can be asked of a YAML text, and what comes back. */
import type { Position } from './line-index.js';
import type { YamlPath } from './yaml-file.js';

/** Plain data, as JSON has it. */
export type YamlValue = string | number | boolean | null | readonly YamlValue[] | { readonly [key: string]: YamlValue };

/**
 * Where a new entry goes: an index or the end of a sequence; the end of a map, or beside a key of it. A hint: where that
 * key is missing, and without a hint, it goes to the end, or to its place in the order where the map's keys are sorted.
 */
export type Place = number | 'end' | { readonly after: string } | { readonly before: string };

/** Replaces the value at a path, or creates it with the maps on the way. Nothing to do where it has that value. */
export interface SetEdit {
  readonly op: 'set';
  readonly document: number;
  readonly path: YamlPath;
  readonly value: YamlValue;
  /** For a key that is new. */
  readonly at?: Place;
  /** Lines above a key that is new, without their `#`. */
  readonly comment?: string;
}

/**
 * A new entry of the collection at the path, which is created where it is missing: of a map under `key`, of a sequence
 * without. Nothing to do where the map has it with that value, or where the sequence has an equal item anywhere.
 */
export interface InsertEdit {
  readonly op: 'insert';
  readonly document: number;
  readonly path: YamlPath;
  readonly key?: string;
  readonly value: YamlValue;
  readonly at?: Place;
  /** Lines above the new entry, without their `#`. */
  readonly comment?: string;
  /** The sequence gets it although it has an equal item: twice is then not once. */
  readonly repeat?: boolean;
}

/** Takes an entry away with the comment lines right above it. Nothing to do where there is none. */
export interface RemoveEdit {
  readonly op: 'remove';
  readonly document: number;
  readonly path: YamlPath;
  /** Only while the entry has this value: removing from a sequence twice then removes once. */
  readonly value?: YamlValue;
  /** Removes the parent too where nothing is left in it, and so on upwards; otherwise `{}` or `[]` stays. */
  readonly pruneEmpty?: boolean;
}

/** A new document before the one of that index, or at the end. Nothing to do where the text has an equal one. */
export interface InsertDocumentEdit {
  readonly op: 'insertDocument';
  readonly document: number | 'end';
  readonly value: YamlValue;
}

/** Takes a document away. Nothing to do where there is none. */
export interface RemoveDocumentEdit {
  readonly op: 'removeDocument';
  readonly document: number;
  /** Only while the document has this value. */
  readonly value?: YamlValue;
}

export type EntryEdit = SetEdit | InsertEdit | RemoveEdit;
export type DocumentEdit = InsertDocumentEdit | RemoveDocumentEdit;
/** `document` counts the documents of the text from 0, as they are when the edit's turn comes. */
export type YamlEdit = EntryEdit | DocumentEdit;

/** All of the edits or none: the first that cannot be made exactly as asked refuses them all. */
export type YamlEditResult =
  | { readonly status: 'edited'; readonly text: string }
  | {
      readonly status: 'refused';
      readonly edit: YamlEdit;
      readonly reason: string;
      /** In the text that was given: the deepest part of the edit's path that is there. */
      readonly position: Position;
    };
