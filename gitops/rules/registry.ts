/** Every rule, in the order of their layers: what is not in these lists does not run. */
import type { ChangeRule, Rule } from '../lint/rule.js';
import { duplicateKey } from './duplicate-key.js';
import { unreadableFile } from './unreadable-file.js';
import { yamlParse } from './yaml-parse.js';

export const rules: readonly Rule[] = [unreadableFile, yamlParse, duplicateKey];

/** What they see only between two revisions. */
export const changeRules: readonly ChangeRule[] = [];
