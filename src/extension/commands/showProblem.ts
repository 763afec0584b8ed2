import * as vscode from 'vscode';
import { commandIds } from '../ids.ts';
import { plainMessage } from '../text/format.ts';
import type { ModelTreeNode } from '../tree/modelNodes.ts';
import { type ProblemNode, type RunNode, workspaceFolderOf } from '../tree/nodes.ts';
import { type Command, showFailure } from './commandRunner.ts';

interface Problem {
  readonly text: string;
  readonly actions: readonly { readonly title: string; readonly run: () => PromiseLike<unknown> }[];
}

/** Says what is wrong with the row that was clicked, in full, and offers what can be done about it. */
export const showProblemCommand: Command = {
  id: commandIds.showProblem,
  async run({ log }, argument) {
    if (typeof argument !== 'object' || argument === null || !('kind' in argument)) {
      return;
    }
    const problem = problemOf(argument as ProblemNode | RunNode | ModelTreeNode);
    if (problem === undefined) {
      return;
    }
    const { text, actions } = problem;
    const titles = actions.map(({ title }) => title);
    void vscode.window.showWarningMessage(plainMessage(text), ...titles).then(async (title) => {
      try {
        await actions.find((action) => action.title === title)?.run();
      } catch (error) {
        showFailure(error, log);
      }
    });
  },
};

function problemOf(row: ProblemNode | RunNode | ModelTreeNode): Problem | undefined {
  const { executeCommand } = vscode.commands;
  const refresh = { title: vscode.l10n.t('Refresh'), run: () => executeCommand(commandIds.refresh) };
  const check = (argument: unknown) => ({
    title: vscode.l10n.t('Check Store…'),
    run: () => executeCommand(commandIds.checkStore, argument),
  });
  switch (row.kind) {
    case 'run': {
      if (row.entry.kind !== 'unreadable') {
        return undefined;
      }
      const workspaceFolder = workspaceFolderOf(row);
      const remove = {
        title: vscode.l10n.t('Delete Run…'),
        run: () => executeCommand(commandIds.deleteRun, row),
      };
      const text = vscode.l10n.t('The run {0} cannot be read. {1}', row.entry.id, row.entry.problem);
      return { text, actions: [check({ workspaceFolder }), remove] };
    }
    case 'problem': {
      const text = row.subject === undefined ? row.message : vscode.l10n.t('{0}: {1}', row.subject, row.message);
      return { text, actions: row.workspaceFolder === undefined ? [refresh] : [check(row), refresh] };
    }
    case 'modelVersion': {
      if (row.entry.kind !== 'unreadable') {
        return undefined;
      }
      const { modelKey, version, problem } = row.entry;
      const reveal = {
        title: vscode.l10n.t('Reveal Model Files'),
        run: () => executeCommand(commandIds.revealModelFolder, row),
      };
      const remove = {
        title: vscode.l10n.t('Delete Model Version…'),
        run: () => executeCommand(commandIds.deleteModel, row),
      };
      const text = vscode.l10n.t('{0} cannot be read. {1}', `${modelKey}:${version}`, problem);
      return { text, actions: [reveal, remove] };
    }
    case 'modelProblem':
      return { text: row.message, actions: [refresh] };
    case 'model':
    case 'modelWorkspace':
      return undefined;
  }
}
