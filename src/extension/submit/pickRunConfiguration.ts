import { relative } from 'node:path';
import * as vscode from 'vscode';
import { RunledgerError } from '../../core/base/errors.ts';
import { withKnownTargets } from '../../core/compute/configuredTargets.ts';
import type { RunConfigurationEntry } from '../../core/run-configurations/runConfiguration.ts';
import { listRunConfigurations } from '../../core/run-configurations/runConfigurations.ts';
import { CommandFailure } from '../commands/commandFailure.ts';

interface ConfigurationItem extends vscode.QuickPickItem {
  readonly entry: RunConfigurationEntry;
}

/**
 * Lets the person choose one of the run configurations of a source directory, the remembered one first. One that has a
 * problem comes last, and is listed with it; choosing it says what is wrong, with a way to the file.
 *
 * @returns its name; undefined where the person gave up
 */
export async function pickRunConfiguration(
  sourceDirectory: string,
  workspaceFolder: string,
  remembered: string | undefined,
  title: string,
): Promise<string | undefined> {
  const entries = await withKnownTargets(await listRunConfigurations(sourceDirectory), workspaceFolder);
  // The first one is what Enter takes, so it is one that works.
  const usable = entries.filter((entry) => entry.problem === undefined);
  const ordered = [
    ...usable.filter((entry) => entry.name === remembered),
    ...usable.filter((entry) => entry.name !== remembered),
    ...entries.filter((entry) => entry.problem !== undefined),
  ];
  const items = ordered.map((entry) => toItem(entry, sourceDirectory, entry.name === remembered));
  const picked = await vscode.window.showQuickPick(items, {
    title,
    placeHolder: vscode.l10n.t('Run configuration'),
    matchOnDescription: true,
    ignoreFocusOut: true,
  });
  if (picked?.entry.problem !== undefined) {
    throw unusable(picked.entry, picked.entry.problem);
  }
  return picked?.entry.name;
}

function toItem(entry: RunConfigurationEntry, sourceDirectory: string, isRemembered: boolean): ConfigurationItem {
  if (entry.problem !== undefined) {
    // What is wrong begins with the file's place, and needs the room.
    return { entry, label: `$(warning) ${entry.name}`, detail: entry.problem };
  }
  const place = entry.path === undefined ? '' : relative(sourceDirectory, entry.path);
  return {
    entry,
    label: entry.name,
    description: isRemembered ? vscode.l10n.t('used last') : place,
    // That of a file is only its place again.
    ...(entry.path === undefined || isRemembered ? { detail: entry.description } : {}),
  };
}

function unusable(entry: RunConfigurationEntry, problem: string): Error {
  const error = new RunledgerError(
    'invalid-run-configuration',
    `The run configuration ${entry.name} cannot be used: ${problem}`,
  );
  const { path } = entry;
  if (path === undefined) {
    return error;
  }
  return new CommandFailure(error, [
    {
      title: vscode.l10n.t('Open File'),
      run: () => vscode.commands.executeCommand('vscode.open', vscode.Uri.file(path)),
    },
  ]);
}
