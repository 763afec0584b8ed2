import { rm, writeFile } from 'node:fs/promises';
import { fileError } from '../base/errors.ts';
import { activeMarker } from './storeLayout.ts';

/** Touches a run's marker for a moment: those who watch look at the run and see that it went, came or changed. */
export async function announceRun(workspaceFolder: string, runId: string): Promise<void> {
  const marker = activeMarker(workspaceFolder, runId);
  try {
    await writeFile(marker, '');
    await rm(marker, { force: true });
  } catch (error) {
    throw fileError(error, 'announce the change', marker);
  }
}
