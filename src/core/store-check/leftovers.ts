import { join } from 'node:path';
import { stagingPrefix } from '../store/storeLayout.ts';
import type { CheckSession } from './checkSession.ts';

/** Reports what was begun in a folder and given up: staging folders, and files that were to replace others. */
export async function reportLeftovers(
  session: CheckSession,
  folder: string,
  isLeftover: (name: string) => boolean = isHalfMade,
): Promise<void> {
  for (const name of ((await session.list(folder)) ?? []).filter(isLeftover).sort()) {
    const path = join(folder, name);
    if (await session.isGivenUp(path)) {
      const fix = async () => (await session.isGivenUp(path)) && (await session.moveAside(path));
      await session.report({ kind: 'leftover', path, message: 'It was never finished.', fix });
    }
  }
}

function isHalfMade(name: string): boolean {
  return name.startsWith(stagingPrefix) || /^\..*\.tmp$/.test(name);
}
