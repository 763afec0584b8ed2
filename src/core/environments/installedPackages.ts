/** What was installed where a run's script ran: `installed.json` in its folder, which the supervisor writes (docs/store-format.md). */
import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { installedFile } from '../store/storeLayout.ts';

const schema = v.object({
  python: v.string(),
  implementation: v.optional(v.string(), ''),
  platform: v.optional(v.string(), ''),
  /** As `nvidia-smi` names them. */
  gpus: v.optional(v.array(v.string()), []),
  /** Versions by name. */
  packages: v.record(v.string(), v.string()),
});

export type InstalledPackages = v.InferOutput<typeof schema>;

/** Undefined where it was not recorded, or cannot be read. */
export async function readInstalledPackages(runFolder: string): Promise<InstalledPackages | undefined> {
  try {
    const result = v.safeParse(schema, JSON.parse(await readFile(installedFile(runFolder), 'utf8')));
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
}
