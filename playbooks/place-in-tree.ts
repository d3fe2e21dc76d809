/** Parameters that name where a playbook writes: below the repository, and a page as Markdown, as `files` of playbooks say. */
import { z } from 'zod';

export const Folder = z.string().refine(isBelow, 'is no folder of the repository, such as docs/pages');

export const Page = z
  .string()
  .refine(
    (path) => isBelow(path) && path.endsWith('.md'),
    'is no Markdown file of the repository, such as docs/page.md',
  );

function isBelow(path: string): boolean {
  return path.split('/').every((part) => !['', '.', '..', '.git'].includes(part));
}
