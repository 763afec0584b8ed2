import { writeFile } from 'node:fs/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { listComputeDefinitions } from '../../src/core/compute/computeDefinitions.ts';
import type { TargetFinding } from '../../src/core/compute/targetCheck.ts';
import { createTargetFile } from '../../src/core/compute/targetFiles.ts';
import { watchComputeTargets } from '../../src/core/compute/targetWatch.ts';
import { openWorkspace } from '../../src/core/store/workspaces.ts';
import type { ComputeTargetNode, ComputeTreeNode } from '../../src/extension/compute/computeNodes.ts';
import { ComputeTree } from '../../src/extension/compute/computeTree.ts';
import { temporaryWorkspace } from '../support/temporaryStore.ts';

interface Case {
  readonly tree: ComputeTree;
  /** Names of the targets that were checked. */
  readonly checked: string[];
}

async function newCase(
  folders: readonly string[],
  answer: (name: string) => Promise<readonly TargetFinding[]>,
  mayCheck = true,
): Promise<Case> {
  const entries = await Promise.all(
    folders.map(async (folder) => ({ kind: 'workspace' as const, info: await openWorkspace(folder) })),
  );
  const checked: string[] = [];
  const tree = new ComputeTree({
    openWorkspaces: async () => entries,
    listTargets: listComputeDefinitions,
    watchTargets: watchComputeTargets,
    check: (_folder, name) => {
      checked.push(name);
      return answer(name);
    },
    mayCheck: () => mayCheck,
    onError: () => {},
  });
  onTestFinished(() => tree.dispose());
  return { tree, checked };
}

const good: TargetFinding = { subject: 'Python', isGood: true, message: '3.11' };
const missing: TargetFinding = { subject: 'Connection', isGood: false, message: 'refused', advice: 'Start it.' };

function nextChange(tree: ComputeTree): Promise<ComputeTreeNode | undefined> {
  return new Promise((resolve) => {
    const subscription = tree.onDidChange((node) => {
      subscription.dispose();
      resolve(node);
    });
  });
}

/** Waits until no target is being checked. */
async function checks(tree: ComputeTree, targets: readonly ComputeTargetNode[]): Promise<void> {
  while (targets.some((target) => !('findings' in tree.healthOf(target)))) {
    await nextChange(tree);
  }
}

describe('the Compute view', () => {
  it('checks the targets that it shows, and again once a file changes', async () => {
    const folder = await temporaryWorkspace();
    const { path } = await createTargetFile(folder, 'lab', { type: 'ssh', host: 'box' });
    const { tree, checked } = await newCase([folder], async (name) => (name === 'lab' ? [good, missing] : [good]));
    tree.setVisible(true);
    const targets = (await tree.roots()) as ComputeTargetNode[];
    await checks(tree, targets);
    expect(targets.map((target) => [target.definition.name, tree.healthOf(target).state])).toEqual([
      ['local', 'good'],
      ['lab', 'missing'],
    ]);
    expect(await tree.children(targets[1] as ComputeTargetNode)).toMatchObject([
      { kind: 'computeFinding', finding: good },
      { kind: 'computeFinding', finding: missing },
    ]);
    expect(checked).toEqual(['local', 'lab']);
    const changed = nextChange(tree);
    await writeFile(path, 'type: ssh\nhost: other\n');
    expect(await changed).toBeUndefined();
    await checks(tree, (await tree.roots()) as ComputeTargetNode[]);
    expect(checked).toEqual(['local', 'lab', 'local', 'lab']);
  });

  it('knows for a while what it found, also when it is hidden meanwhile, unless files have changed', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const folder = await temporaryWorkspace();
    const { path } = await createTargetFile(folder, 'lab', { type: 'ssh', host: 'box' });
    const { tree, checked } = await newCase([folder], async () => [good]);
    const shown = async (): Promise<readonly string[]> => {
      tree.setVisible(true);
      await checks(tree, (await tree.roots()) as ComputeTargetNode[]);
      tree.setVisible(false);
      return checked.splice(0);
    };
    expect(await shown()).toEqual(['local', 'lab']);
    expect(await shown()).toEqual([]);
    await writeFile(path, 'type: ssh\nhost: other\n');
    expect(await shown()).toEqual(['local', 'lab']);
    vi.setSystemTime(Date.now() + 11 * 60_000);
    expect(await shown()).toEqual(['local', 'lab']);
  });

  it('reaches for nothing before the folder is trusted, nor while it is hidden', async () => {
    const folder = await temporaryWorkspace();
    const untrusted = await newCase([folder], async () => [good], false);
    untrusted.tree.setVisible(true);
    const [local] = (await untrusted.tree.roots()) as ComputeTargetNode[];
    expect(await untrusted.tree.children(local as ComputeTargetNode)).toEqual([]);
    expect(untrusted.checked).toEqual([]);
    const hidden = await newCase([folder], async () => [good]);
    const [row] = (await hidden.tree.roots()) as ComputeTargetNode[];
    expect(hidden.checked).toEqual([]);
    expect(await hidden.tree.children(row as ComputeTargetNode)).toHaveLength(1);
    expect(hidden.checked).toEqual(['local']);
  });

  it('begins no second check of a target while one goes on, and knows nothing after one that failed', async () => {
    const folder = await temporaryWorkspace();
    let fail = (_error: Error): void => {};
    const { tree, checked } = await newCase(
      [folder],
      () =>
        new Promise((_resolve, reject) => {
          fail = reject;
        }),
    );
    const local = (await tree.findTarget(folder, 'LOCAL')) as ComputeTargetNode;
    const first = tree.check(local);
    expect(tree.check(local)).toBe(first);
    expect(tree.healthOf(local).state).toBe('checking');
    fail(new Error('gone'));
    await expect(first).rejects.toThrow('gone');
    expect(tree.healthOf(local).state).toBe('unknown');
    expect(checked).toEqual(['local']);
  });

  it('does not take what a check finds of a file that has changed since for what the file says now', async () => {
    const folder = await temporaryWorkspace();
    const answers: ((findings: readonly TargetFinding[]) => void)[] = [];
    const { tree } = await newCase([folder], () => new Promise((resolve) => answers.push(resolve)));
    const before = (await tree.findTarget(folder, 'local')) as ComputeTargetNode;
    const stale = tree.check(before);
    tree.refresh();
    const now = (await tree.findTarget(folder, 'local')) as ComputeTargetNode;
    const fresh = tree.check(now);
    answers[0]?.([missing]);
    await stale;
    expect(tree.healthOf(now).state).toBe('checking');
    answers[1]?.([good]);
    await fresh;
    expect(tree.healthOf(now)).toEqual({ state: 'good', findings: [good] });
  });

  it('has a row for each workspace where there are several', async () => {
    const folders = [await temporaryWorkspace(), await temporaryWorkspace()];
    const { tree } = await newCase(folders, async () => [good]);
    const roots = await tree.roots();
    expect(roots.map(({ kind }) => kind)).toEqual(['computeWorkspace', 'computeWorkspace']);
    expect(await tree.children(roots[1] as ComputeTreeNode)).toMatchObject([
      { kind: 'computeTarget', workspaceFolder: folders[1] },
    ]);
  });
});
