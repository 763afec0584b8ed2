import { describe, expect, it } from 'vitest';
import { type AttendedRun, resumeAttendants } from '../../src/core/compute/attendant.ts';
import type { CreatedRun } from '../../src/core/store/runCreation.ts';
import { newRun, openTestJournal, temporaryWorkspace } from '../support/temporaryStore.ts';

/** A run that somebody writes to. */
async function activeRun(workspaceFolder: string): Promise<CreatedRun> {
  const run = await newRun(workspaceFolder);
  await (await openTestJournal(workspaceFolder, run)).close();
  return run;
}

describe('looking after runs again whose attendants died', () => {
  it('goes on with the others where one cannot be, and then says why', async () => {
    const workspaceFolder = await temporaryWorkspace();
    const runs = [await activeRun(workspaceFolder), await activeRun(workspaceFolder), await activeRun(workspaceFolder)];
    const asked: string[] = [];
    const resumed = resumeAttendants(workspaceFolder, {
      isAbandoned: async () => true,
      isThere: async () => false,
      start: async ({ runId }: AttendedRun) => {
        asked.push(runId);
        if (asked.length === 1) {
          throw new Error('no interpreter');
        }
      },
    });
    await expect(resumed).rejects.toThrow('no interpreter');
    expect(asked.toSorted()).toEqual(runs.map(({ runId }) => runId).toSorted());
  });

  it('names those that it started, and neither those that live nor those that somebody else was faster with', async () => {
    const workspaceFolder = await temporaryWorkspace();
    const [alive, started, raced] = [
      await activeRun(workspaceFolder),
      await activeRun(workspaceFolder),
      await activeRun(workspaceFolder),
    ];
    const resumed = await resumeAttendants(workspaceFolder, {
      isAbandoned: async (runFolder) => runFolder !== alive.folder,
      isThere: async (runFolder) => runFolder === raced.folder,
      start: async ({ runId }: AttendedRun) => {
        if (runId === raced.runId) {
          throw new Error('it is looked after');
        }
      },
    });
    expect(resumed).toEqual([started.runId]);
  });
});
