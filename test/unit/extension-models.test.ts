import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ModelVersion } from '../../src/core/domain/model.ts';
import { deleteModel, restoreModel } from '../../src/core/models/modelChanges.ts';
import { listModels } from '../../src/core/models/modelVersions.ts';
import { watchModels } from '../../src/core/models/modelWatch.ts';
import { registerModel } from '../../src/core/models/registerModel.ts';
import { openWorkspace } from '../../src/core/store/workspaces.ts';
import { rowTokens } from '../../src/extension/ids.ts';
import { type ModelTreeNode, modelTokensOf } from '../../src/extension/tree/modelNodes.ts';
import { ModelTree } from '../../src/extension/tree/modelTree.ts';
import { pythonJson } from '../support/pythonProgram.ts';
import { writeFiles } from '../support/sourceFolder.ts';
import { collector, newRun, onCleanup, temporaryWorkspace } from '../support/temporaryStore.ts';

async function register(workspaceFolder: string, name: string): Promise<ModelVersion> {
  await writeFiles(workspaceFolder, { m: 'x' });
  const path = join(workspaceFolder, 'm');
  return registerModel({ workspaceFolder, name, source: { path }, createdBy: 'test/1' });
}

/** A tree over real stores, with the number of times that it read one. */
function openTree(...folders: readonly string[]) {
  const reads: string[] = [];
  const tree = new ModelTree({
    openWorkspaces: () =>
      Promise.all(folders.map(async (folder) => ({ kind: 'workspace' as const, info: await openWorkspace(folder) }))),
    listModels: (folder) => {
      reads.push(folder);
      return listModels(folder);
    },
    watchModels,
    onError: () => {},
  });
  onCleanup(() => tree.dispose());
  const changes = collector<void>((listener) => tree.onDidChange(() => listener()));
  return { tree, reads, changes };
}

/** What rows say, children below their parents. */
function textOf(tree: ModelTree, nodes: readonly ModelTreeNode[]): object[] {
  return nodes.map((node) => {
    const label =
      node.kind === 'modelWorkspace'
        ? node.info.name
        : node.kind === 'model'
          ? node.name
          : node.kind === 'modelProblem'
            ? node.message
            : node.entry.version;
    const children = textOf(tree, tree.children(node));
    return children.length === 0 ? [label] : [label, children];
  });
}

describe('the Models view', () => {
  it('shows the models of the one open workspace with their versions, newest first', async () => {
    const folder = await temporaryWorkspace();
    const { tree, reads } = openTree(folder);
    expect(await tree.roots()).toEqual([]);
    for (const name of ['digits', 'Digits', 'iris']) {
      await register(folder, name);
    }
    expect(await tree.roots()).toEqual([]);
    tree.refresh();
    const roots = await tree.roots();
    expect(textOf(tree, roots)).toEqual([
      ['Digits', [[2], [1]]],
      ['iris', [[1]]],
    ]);
    expect(reads).toHaveLength(2);
    const ids = (nodes: readonly ModelTreeNode[]): string[] =>
      nodes.flatMap((node) => [node.id, ...ids(tree.children(node))]);
    const before = ids(roots);
    expect(new Set(before).size).toBe(before.length);
    tree.refresh();
    expect(ids(await tree.roots())).toEqual(before);
  });

  it('shows workspaces where several are open, and what of them cannot be read', async () => {
    const first = await temporaryWorkspace('first');
    const second = await temporaryWorkspace('second');
    await register(first, 'digits');
    const damaged = await register(second, 'iris');
    await writeFiles(damaged.folder, { 'model.json': '{' });
    const { tree } = openTree(first, second);
    const roots = await tree.roots();
    expect(textOf(tree, roots)).toEqual([
      ['first', [['digits', [[1]]]]],
      ['second', [['iris', [[1]]]]],
    ]);
    const [model] = tree.children(roots[1] as ModelTreeNode);
    const [version] = tree.children(model as ModelTreeNode);
    expect(version).toMatchObject({ entry: { kind: 'unreadable', problem: expect.stringContaining('model.json') } });
    // It can be deleted all the same.
    expect(modelTokensOf(version as ModelTreeNode)).toEqual([rowTokens.modelVersion]);
    expect((version as ModelTreeNode).parent).toBe(model);
  });

  it('offers the run only of a model that has one', async () => {
    const folder = await temporaryWorkspace();
    const run = await newRun(folder);
    await writeFiles(run.folder, { 'artifacts/outputs/m': 'x' });
    const source = { runId: run.runId, artifactPath: 'outputs/m' };
    await registerModel({ workspaceFolder: folder, name: 'm', source, createdBy: 'test/1' });
    const { tree } = openTree(folder);
    const [model] = await tree.roots();
    const [version] = tree.children(model as ModelTreeNode);
    expect(modelTokensOf(version as ModelTreeNode)).toEqual([rowTokens.modelVersion, rowTokens.fromRun]);
    expect(modelTokensOf(model as ModelTreeNode)).toEqual([rowTokens.model]);
  });

  it('shows what any program registers or deletes, while it is visible', async () => {
    const folder = await temporaryWorkspace();
    const { tree, changes, reads } = openTree(folder);
    tree.setVisible(true);
    expect(await tree.roots()).toEqual([]);
    const untilShown = async (expected: object[]): Promise<void> => {
      for (;;) {
        // Counted before the reading: what comes meanwhile may tell what was read too early.
        const seen = changes.values.length;
        const shown = textOf(tree, await tree.roots());
        if (JSON.stringify(shown) === JSON.stringify(expected)) {
          return;
        }
        await changes.until((values) => values.length > seen);
      }
    };
    const inPython = `
import json
from azureml.core import Workspace
from azureml.core.model import Model
open("weights", "w").close()
print(json.dumps(Model.register(Workspace.from_config(), "weights", "digits").version))
`;
    expect(await pythonJson(folder, inPython)).toBe(1);
    await untilShown([['digits', [[1]]]]);
    const second = await register(folder, 'digits');
    await untilShown([['digits', [[2], [1]]]]);
    await deleteModel(folder, second);
    await untilShown([['digits', [[1]]]]);
    await restoreModel(folder, second);
    await untilShown([['digits', [[2], [1]]]]);
    await register(folder, 'other');
    await untilShown([
      ['digits', [[2], [1]]],
      ['other', [[1]]],
    ]);
    tree.setVisible(false);
    const readBefore = reads.length;
    await register(folder, 'other');
    tree.setVisible(true);
    await untilShown([
      ['digits', [[2], [1]]],
      ['other', [[2], [1]]],
    ]);
    expect(reads.length).toBeGreaterThan(readBefore);
  });

  it('is told of versions that are registered at once', async () => {
    const folder = await temporaryWorkspace();
    const told = collector<void>((listener) => watchModels(folder, () => listener()));
    await Promise.all([register(folder, 'digits'), register(folder, 'digits'), register(folder, 'digits')]);
    await told.until((values) => values.length > 0);
    expect((await listModels(folder)).map(({ version }) => version)).toEqual([3, 2, 1]);
  });
});
