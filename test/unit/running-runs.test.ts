import { describe, expect, it } from 'vitest';
import type { WorkspaceInfo } from '../../src/core/domain/workspace.ts';
import { currentProcessIdentity } from '../../src/core/store/processIdentity.ts';
import { openWorkspace } from '../../src/core/store/workspaces.ts';
import { isEndTold, type NoticeChoice } from '../../src/extension/running/runEndNotice.ts';
import { type PlacedRun, RunningRuns } from '../../src/extension/running/runningRuns.ts';
import { plainLabel, plainMessage } from '../../src/extension/text/format.ts';
import {
  collector,
  newRun,
  onCleanup,
  openTestCatalog,
  record,
  temporaryWorkspace,
} from '../support/temporaryStore.ts';

async function runningRunsOf(...folders: string[]) {
  let open: WorkspaceInfo[] = await Promise.all(folders.map((folder) => openWorkspace(folder)));
  const catalogs = new Map(
    await Promise.all(folders.map(async (folder) => [folder, await openTestCatalog(folder)] as const)),
  );
  const running = new RunningRuns({
    openWorkspaces: async () => open.map((info) => ({ kind: 'workspace', info })),
    catalog: async (folder) => {
      const catalog = catalogs.get(folder);
      if (catalog === undefined) {
        throw new Error(`No catalog of ${folder}.`);
      }
      return catalog;
    },
    onError: (error) => {
      throw error;
    },
  });
  onCleanup(() => running.dispose());
  const close = async (folder: string): Promise<void> => {
    open = open.filter((info) => info.folder !== folder);
    await running.follow();
  };
  return { running, changes: collector<void>(running.onDidChange), close };
}

async function startRun(folder: string, options: Parameters<typeof newRun>[1] = {}) {
  const run = await newRun(folder, options);
  await record(
    folder,
    run,
    { k: 'process', role: 'script', ...(await currentProcessIdentity()) },
    { k: 'status', v: 'Running' },
  );
  return run;
}

const idsOf = (runs: readonly PlacedRun[]): string[] => runs.map(({ run }) => run.id);

describe('the runs that go on', () => {
  it('are those of all open workspaces, from before and from now on, until they end', async () => {
    const [first, second] = [await temporaryWorkspace('first'), await temporaryWorkspace('second')];
    const before = await startRun(first);
    const { running, changes, close } = await runningRunsOf(first, second);
    const updates = collector<PlacedRun>(running.onDidUpdateRun);
    await running.follow();
    await changes.until(() => idsOf(running.current).length === 1);
    const now = await startRun(second);
    await changes.until(() => idsOf(running.current).length === 2);
    expect(running.current).toMatchObject([
      { workspaceFolder: second, run: { id: now.runId } },
      { workspaceFolder: first, run: { id: before.runId } },
    ]);
    await record(first, before, { k: 'status', v: 'Completed' });
    await changes.until(() => running.current.length === 1);
    await updates.until((values) => values.some(({ run }) => run.id === before.runId && run.status === 'Completed'));
    await close(second);
    expect(running.current).toEqual([]);
  });

  it('count the trials of a sweep as the sweep', async () => {
    const folder = await temporaryWorkspace();
    const { running, changes } = await runningRunsOf(folder);
    await running.follow();
    const sweep = await startRun(folder);
    const updates = collector<PlacedRun>(running.onDidUpdateRun);
    const trial = await startRun(folder, { parentId: sweep.runId });
    await updates.until((values) => values.some(({ run }) => run.id === trial.runId));
    expect(idsOf(running.current)).toEqual([sweep.runId]);
    await record(folder, sweep, { k: 'status', v: 'Completed' });
    await changes.until(() => idsOf(running.current)[0] === trial.runId);
  });
});

describe('the end of a run is told', () => {
  const away = { isWindowFocused: false, isPageVisible: false };
  const busy = { isWindowFocused: true, isPageVisible: false };
  const looking = { isWindowFocused: true, isPageVisible: true };
  const expected: Record<NoticeChoice, [completed: string, failed: string]> = {
    always: ['away busy', 'away busy'],
    failures: ['', 'away busy'],
    unfocused: ['away', 'away'],
    never: ['', ''],
  };

  it.each(Object.entries(expected) as [NoticeChoice, [string, string]][])('where it is wanted: %s', (choice, told) => {
    const places = Object.entries({ away, busy, looking });
    const when = (status: 'Completed' | 'Failed' | 'Canceled'): string =>
      places
        .filter(([, circumstances]) => isEndTold(choice, { status, ...circumstances }))
        .map(([name]) => name)
        .join(' ');
    expect([when('Completed'), when('Failed')]).toEqual(told);
    expect(when('Canceled')).toBe('');
  });

  it('also where its page is open in a window that nobody looks at', () => {
    expect(isEndTold('always', { status: 'Failed', isWindowFocused: false, isPageVisible: true })).toBe(true);
  });
});

describe('text of a run', () => {
  it('makes no links in messages and no icons in pickers', () => {
    const link = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)/;
    const message = 'broke: [here](command:workbench.action.quit)';
    expect(message).toMatch(link);
    expect(plainMessage(message)).not.toMatch(link);
    expect(plainLabel('a $(alert) b')).toBe('a \\$(alert) b');
  });
});
