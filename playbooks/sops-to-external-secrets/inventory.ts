/** The page that says what became of each encrypted file. */
import type { Survey } from './survey.js';
import { type Row, rowsOf, tableOf } from './table.js';

/** `known` is the page as it is, empty where there is none. */
export function inventoryPage(survey: Survey, known: string): string {
  return `# Inventory of SOPS files

Every file that is or was encrypted, and where its values come from now.

| File | Secret | Now |
| --- | --- | --- |
${tableOf(inventoryRows(survey), rowsOf(known))}

How they got there: [onepassword.md](onepassword.md). Values that stand in clear in other files are not of this list.
`;
}

function inventoryRows({ moves, keys, kept }: Survey): readonly Row[] {
  return [
    ...moves.flatMap(({ path, secrets, home }) => secrets.map(({ name }): Row => [path, name, home])),
    ...keys.flatMap(({ path, secrets }) =>
      secrets.map(({ name }): Row => [path, name, 'goes last: it decrypts the others, and then nothing']),
    ),
    ...kept.map(({ path, name, why, isExempt }): Row => [path, name, `${isExempt ? 'exempt' : 'left'}: ${why}`]),
  ];
}
