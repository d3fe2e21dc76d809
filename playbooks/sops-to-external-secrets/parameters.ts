/** What a team decides of its move to 1Password; the defaults are those of the Anton plan. */
import picomatch from 'picomatch';
import { z } from 'zod';
import { PlainUrl } from '../plain-url.js';

const Exemption = z.strictObject({
  /** A glob, relative to the repository. */
  files: z.string().min(1),
  /** For the notes and the inventory. */
  reason: z.string().min(1),
});

export const Parameters = z.strictObject({
  provider: z
    .enum(['onepassword', 'onepasswordSDK'])
    .optional()
    .describe(
      'How External Secrets reaches 1Password; left out, through Connect where its chart is in the repository, else through a service account',
    ),
  vault: z.string().min(1).default('homelab').describe('Of a store that is made; one that is there keeps its own'),
  store: z
    .string()
    .min(1)
    .default('onepassword')
    .describe('The ClusterSecretStore, where there are several or a new one is to have another name'),
  connectHost: PlainUrl.optional().describe('URL of Connect; left out, the Service that its chart makes'),
  tokenSecret: z
    .string()
    .min(1)
    .default('onepassword-token')
    .describe("The Secret in the operator's namespace that opens the vault, under the key token; made by hand"),
  kustomization: z
    .string()
    .min(1)
    .default('secret-stores')
    .describe("Name of the new Kustomization that brings the store, and of its folder beside the operator's"),
  refreshInterval: z.string().default('24h').describe('How often a Secret is read from the vault anew'),
  shared: z
    .enum(['listed', 'everywhere'])
    .default('listed')
    .describe(
      'Where a Secret that many namespaces had through a component is made: in those that had it, or in those that are made later, too',
    ),
  exempt: z
    .array(Exemption)
    .default([{ files: 'talos/**/talsecret.sops.yaml', reason: 'Talos reads it before there is a cluster' }])
    .describe('Files that stay encrypted, and why'),
  // The defaults are files that are published as they are, for everybody.
  plainBases: z
    .array(z.string().min(1))
    .default(['https://raw.githubusercontent.com/**', 'https://github.com/*/*/releases/**'])
    .describe(
      "Globs of remote bases in which nothing is encrypted to this repository's key, as a person knows; for any other, decryption stays",
    ),
  documents: z
    .string()
    .regex(
      /^docs\/secrets(?:\/(?!\.)[\w.-]+)*$/,
      'must be docs/secrets or a folder below it, where this playbook may write',
    )
    .default('docs/secrets')
    .describe("The folder of the inventory and of the operator's page"),
});
export type Parameters = z.infer<typeof Parameters>;

/** Undefined where the file is not exempt. */
export function exemptionOf({ exempt }: Parameters, path: string): string | undefined {
  return exempt.find(({ files }) => picomatch.isMatch(path, files, { dot: true }))?.reason;
}
