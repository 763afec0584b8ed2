import * as vscode from 'vscode';
import { RunledgerError } from '../../core/base/errors.ts';
import type { OnConflict } from '../../core/transfer/importPlan.ts';
import type { ImportResult } from '../../core/transfer/importResult.ts';
import { importZip } from '../../core/transfer/importZip.ts';
import { importMlflow } from '../../core/transfer/mlflow/importMlflow.ts';
import { importTensorboard } from '../../core/transfer/tensorboard/importTensorboard.ts';
import type { TransferOptions } from '../../core/transfer/transferProgress.ts';
import { commandIds } from '../ids.ts';
import { requireTrust } from '../workspaces/trust.ts';
import { CommandFailure } from './commandFailure.ts';
import { type Command, showFailure } from './commandRunner.ts';
import type { CommandServices } from './commandServices.ts';
import { type ImportDestination, type ImportSource, resolveDestination, resolveImportSource } from './importSource.ts';
import { transferring } from './transferNotification.ts';

interface ImportRequest {
  readonly source: ImportSource;
  readonly destination: ImportDestination;
  readonly onConflict: OnConflict;
  readonly isAnySizeAllowed: boolean;
}

/**
 * Imports an export, or what TensorBoard or MLflow recorded, into a workspace. `{ kind, path, workspaceFolder }` leaves out all questions.
 * Returns what was imported.
 */
export const importCommand: Command = {
  id: commandIds.import,
  async run(services, argument) {
    requireTrust(vscode.l10n.t('Importing'));
    const source = await resolveImportSource(argument);
    const destination = source === undefined ? undefined : await resolveDestination(services, argument, source.kind);
    if (source === undefined || destination === undefined) {
      return undefined;
    }
    return await importAndTell(services, { source, destination, onConflict: 'skip', isAnySizeAllowed: false });
  },
};

async function importAndTell(services: CommandServices, request: ImportRequest): Promise<ImportResult> {
  let result: ImportResult;
  try {
    const title = vscode.l10n.t('Importing {0}', vscode.workspace.asRelativePath(request.source.path));
    result = await transferring(title, (options) => imported(services, request, options));
  } catch (error) {
    if (RunledgerError.is(error, 'zip-too-large')) {
      const again = (): Promise<unknown> => importAndTell(services, { ...request, isAnySizeAllowed: true });
      throw new CommandFailure(error, [{ title: vscode.l10n.t('Import Anyway'), run: again }]);
    }
    throw error;
  } finally {
    // Some runs may have been imported until it was stopped.
    services.workspaces.invalidate();
  }
  if (request.destination.isNew) {
    await services.workspaces.add(result.workspaceFolder);
  }
  tell(services, request, result);
  await showImported(services, result);
  return result;
}

function imported(
  { createdBy }: CommandServices,
  { source, destination, onConflict, isAnySizeAllowed }: ImportRequest,
  options: TransferOptions,
): Promise<ImportResult> {
  const workspaceFolder = destination.folder;
  switch (source.kind) {
    case 'zip':
      return importZip({
        ...options,
        zipFile: source.path,
        workspaceFolder,
        ...(destination.isNew && { newWorkspaceName: '' }),
        onConflict,
        isAnySizeAllowed,
      });
    case 'tensorboard':
      return importTensorboard({ ...options, workspaceFolder, folder: source.path, createdBy });
    case 'mlflow':
      return importMlflow({ ...options, workspaceFolder, folder: source.path, createdBy });
  }
}

/** A single run is selected in the tree. */
async function showImported({ workspaces, experiments }: CommandServices, result: ImportResult): Promise<void> {
  const [only, second] = result.runs;
  if (only !== undefined && second === undefined) {
    const { workspace } = await workspaces.catalog(result.workspaceFolder);
    await experiments.reveal(workspace, only.id);
  }
}

function tell(services: CommandServices, request: ImportRequest, { runs, skipped, models, notes }: ImportResult): void {
  const { log } = services;
  const updatedCount = runs.filter(({ action }) => action === 'updated').length;
  const sentences = [
    runs.length - updatedCount === 1
      ? vscode.l10n.t('Imported 1 run.')
      : vscode.l10n.t('Imported {0} runs.', runs.length - updatedCount),
    ...(updatedCount > 0 ? [vscode.l10n.t('Updated {0} that were imported before.', updatedCount)] : []),
    ...(models.length > 0 ? [vscode.l10n.t('Models: {0}.', models.join(', '))] : []),
    ...(skipped.length > 0 ? [skippedText(skipped)] : []),
  ];
  const details = [...skipped.map(({ id, reason }) => `${id}: ${reason}`), ...notes];
  log.info(`${sentences.join(' ')} ${request.source.path}`);
  for (const detail of details) {
    log.info(detail);
  }
  const showLog = vscode.l10n.t('Show Log');
  const copies = vscode.l10n.t('Import as Copies');
  const actions = [
    // What was imported just now would be copied as well.
    ...(skipped.length > 0 && runs.length === 0 && request.source.kind === 'zip' ? [copies] : []),
    ...(details.length > 0 ? [showLog] : []),
  ];
  void vscode.window.showInformationMessage(sentences.join(' '), ...actions).then(async (answer) => {
    try {
      if (answer === showLog) {
        log.show();
      } else if (answer === copies) {
        const destination = { ...request.destination, isNew: false };
        await importAndTell(services, { ...request, destination, onConflict: 'copy' });
      }
    } catch (error) {
      showFailure(error, log);
    }
  });
}

function skippedText(skipped: ImportResult['skipped']): string {
  const reasons = new Set(skipped.map(({ reason }) => reason));
  const [reason] = reasons;
  return reasons.size === 1 && reason !== undefined
    ? vscode.l10n.t('Skipped {0}: {1}', skipped.length, reason)
    : vscode.l10n.t('Skipped {0}, see the log.', skipped.length);
}
