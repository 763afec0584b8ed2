import * as vscode from 'vscode';
import { RunledgerError } from '../../core/base/errors.ts';
import type { ExportSubject } from '../../core/transfer/exportContents.ts';
import { fileNameOf } from '../text/fileName.ts';
import { isGoingOn, runLabel, workspaceFolderOf } from '../tree/nodes.ts';
import type { CommandServices } from './commandServices.ts';
import { resolveRunTarget } from './runTarget.ts';

/** What is to be exported, and what a file of it is called. */
export interface ExportTarget {
  readonly workspaceFolder: string;
  readonly subject: ExportSubject;
  /** For a person, as "run 12". */
  readonly label: string;
  /** The beginning of the file's name. */
  readonly fileName: string;
}

interface TargetItem extends vscode.QuickPickItem {
  /** Undefined for the row that leads to the runs. */
  readonly target?: ExportTarget;
}

/**
 * What a command was called for: a row of the tree, or `{ workspaceFolder, runId }`, `{ workspaceFolder, experiment }` or
 * `{ workspaceFolder }`; else what the person picks.
 */
export async function resolveExportTarget(
  services: CommandServices,
  argument: unknown,
): Promise<ExportTarget | undefined> {
  return (await targetOf(services, argument)) ?? (await pickTarget(services));
}

async function targetOf(services: CommandServices, argument: unknown): Promise<ExportTarget | undefined> {
  if (typeof argument !== 'object' || argument === null) {
    return undefined;
  }
  if ('workspaceFolder' in argument && typeof argument.workspaceFolder === 'string') {
    const { workspaceFolder } = argument;
    if ('runId' in argument && typeof argument.runId === 'string') {
      return await runTarget(services, workspaceFolder, argument.runId);
    }
    return 'experiment' in argument && typeof argument.experiment === 'string'
      ? experimentTarget(workspaceFolder, argument.experiment)
      : await workspaceTarget(services, workspaceFolder);
  }
  if (!isRow(argument)) {
    return undefined;
  }
  const workspaceFolder = workspaceFolderOf(argument);
  switch (argument.kind) {
    case 'run':
      return await runTarget(services, workspaceFolder, argument.entry.id);
    case 'experiment':
      return experimentTarget(workspaceFolder, argument.summary.name);
    case 'workspace':
      return await workspaceTarget(services, workspaceFolder);
    case 'runGroup':
    case 'loadMore':
      return undefined;
  }
}

function isRow(argument: object): argument is Parameters<typeof workspaceFolderOf>[0] {
  const kinds: readonly unknown[] = ['run', 'experiment', 'workspace'];
  return 'kind' in argument && kinds.includes(argument.kind) && 'parent' in argument;
}

async function runTarget(services: CommandServices, workspaceFolder: string, runId: string): Promise<ExportTarget> {
  const entry = await (await services.workspaces.catalog(workspaceFolder)).run(runId);
  return {
    workspaceFolder,
    subject: { kind: 'runs', runIds: [runId] },
    label: entry === undefined ? runId : runLabel(entry),
    fileName: entry?.kind === 'run' ? fileNameOf(`${entry.experiment}-${entry.number}`) : fileNameOf(runId),
  };
}

function experimentTarget(workspaceFolder: string, name: string): ExportTarget {
  return { workspaceFolder, subject: { kind: 'experiment', name }, label: name, fileName: fileNameOf(name) };
}

async function workspaceTarget(services: CommandServices, workspaceFolder: string): Promise<ExportTarget> {
  const { workspace } = await services.workspaces.catalog(workspaceFolder);
  return {
    workspaceFolder,
    subject: { kind: 'workspace' },
    label: workspace.name,
    fileName: fileNameOf(workspace.name),
  };
}

async function pickTarget(services: CommandServices): Promise<ExportTarget | undefined> {
  const items: TargetItem[] = [];
  for (const entry of await services.workspaces.openWorkspaces()) {
    if (entry.kind === 'problem') {
      continue;
    }
    const { folder, name } = entry.info;
    const experiments = await (await services.workspaces.catalog(folder)).experiments();
    items.push(
      {
        label: name,
        description: vscode.l10n.t('whole workspace'),
        iconPath: new vscode.ThemeIcon('folder-opened'),
        target: await workspaceTarget(services, folder),
      },
      ...experiments.map(
        (experiment): TargetItem => ({
          label: experiment.name,
          description: vscode.l10n.t('experiment'),
          iconPath: new vscode.ThemeIcon('beaker'),
          target: experimentTarget(folder, experiment.name),
        }),
      ),
    );
  }
  if (items.length === 0) {
    throw new RunledgerError('not-a-store', vscode.l10n.t('There is no workspace here to export from.'), {
      advice: vscode.l10n.t('Open the folder of one.'),
    });
  }
  items.push({ label: vscode.l10n.t('A run…'), iconPath: new vscode.ThemeIcon('graph-line') });
  const picked = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('What to export') });
  if (picked === undefined || picked.target !== undefined) {
    return picked?.target;
  }
  const run = await resolveRunTarget(services, undefined, {
    placeHolder: vscode.l10n.t('Run to export'),
    accepts: (candidate) => !isGoingOn(candidate),
  });
  return run === undefined ? undefined : await runTarget(services, run.workspaceFolder, run.runId);
}
