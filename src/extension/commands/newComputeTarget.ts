import * as vscode from 'vscode';
import { listComputeDefinitions } from '../../core/compute/computeDefinitions.ts';
import { createTargetFile } from '../../core/compute/targetFiles.ts';
import type { DefinedType } from '../../core/compute/targetSettings.ts';
import { commandIds } from '../ids.ts';
import { requireTrust } from '../workspaces/trust.ts';
import type { Command } from './commandRunner.ts';
import { resolveWorkspaceTarget } from './workspaceTarget.ts';

/** Settings that the wizard asks for; the file has the others. */
type Answers = Readonly<Record<string, string>>;

/**
 * Makes a compute target in a few questions, opens its file and checks it. Takes `{ name, settings }` beside the workspace without
 * asking.
 */
export const newComputeTargetCommand: Command = {
  id: commandIds.newComputeTarget,
  async run(services, argument) {
    requireTrust(vscode.l10n.t('Making a compute target'));
    const workspace = await resolveWorkspaceTarget(services, argument, {
      placeHolder: vscode.l10n.t('Workspace of the compute target'),
      acceptsDamaged: false,
    });
    if (workspace === undefined) {
      return;
    }
    const { workspaceFolder } = workspace;
    const wanted = givenTarget(argument) ?? (await askForTarget(workspaceFolder));
    if (wanted === undefined) {
      return;
    }
    const { name, path } = await createTargetFile(workspaceFolder, wanted.name, wanted.settings);
    await vscode.window.showTextDocument(vscode.Uri.file(path));
    services.compute.tree.refresh();
    await vscode.commands.executeCommand(commandIds.checkComputeTarget, { workspaceFolder, name });
  },
};

interface WantedTarget {
  readonly name: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

function givenTarget(argument: unknown): WantedTarget | undefined {
  if (typeof argument !== 'object' || argument === null || !('name' in argument && 'settings' in argument)) {
    return undefined;
  }
  const { name, settings } = argument;
  return typeof name === 'string' && typeof settings === 'object' && settings !== null
    ? { name, settings: { ...settings } }
    : undefined;
}

async function askForTarget(workspaceFolder: string): Promise<WantedTarget | undefined> {
  const title = vscode.l10n.t('New compute target');
  const type = await askForType(title);
  if (type === undefined) {
    return undefined;
  }
  const settings = await askForSettings(type, title, workspaceFolder);
  if (settings === undefined) {
    return undefined;
  }
  const taken = new Set((await listComputeDefinitions(workspaceFolder)).map(({ name }) => name.toLowerCase()));
  const proposal = proposedName(type, settings);
  const name = await vscode.window.showInputBox({
    title,
    prompt: vscode.l10n.t('Name, as run configurations have it in "target"'),
    value: taken.has(proposal.toLowerCase()) ? '' : proposal,
    ignoreFocusOut: true,
    validateInput: (value) =>
      taken.has(value.trim().toLowerCase()) ? vscode.l10n.t('There is a compute target of this name.') : undefined,
  });
  return name === undefined || name.trim() === '' ? undefined : { name: name.trim(), settings: { type, ...settings } };
}

async function askForType(title: string): Promise<DefinedType | undefined> {
  const items: (vscode.QuickPickItem & { readonly type: DefinedType })[] = [
    {
      type: 'ssh',
      label: vscode.l10n.t('Another machine'),
      description: 'ssh',
      detail: vscode.l10n.t("With this machine's OpenSSH: its configuration, keys and known hosts"),
      iconPath: new vscode.ThemeIcon('remote'),
    },
    {
      type: 'slurm',
      label: vscode.l10n.t('A cluster'),
      description: 'slurm',
      detail: vscode.l10n.t('Jobs of Slurm, submitted here or through another machine'),
      iconPath: new vscode.ThemeIcon('server-environment'),
    },
    {
      type: 'docker',
      label: vscode.l10n.t('A container on this machine'),
      description: 'docker',
      detail: vscode.l10n.t('Docker, Podman, or a program that is used like them'),
      iconPath: new vscode.ThemeIcon('package'),
    },
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title,
    placeHolder: vscode.l10n.t('Where runs run'),
    ignoreFocusOut: true,
  });
  return picked?.type;
}

/** Undefined where the person gave up. */
async function askForSettings(type: DefinedType, title: string, workspaceFolder: string): Promise<Answers | undefined> {
  switch (type) {
    case 'ssh':
      return await askForText(
        'host',
        title,
        vscode.l10n.t('Host, as ssh takes it: a name of your configuration, or user@host'),
        true,
      );
    case 'docker':
      return await askForText(
        'image',
        title,
        vscode.l10n.t('Image for run configurations that name none, as python:3.11; may be left empty'),
        false,
      );
    case 'slurm': {
      const host = await askForSubmitHost(title, workspaceFolder);
      const rest =
        host &&
        (await askForText('partition', title, vscode.l10n.t("Partition; empty for the cluster's own choice"), false));
      return host && rest && { ...host, ...rest };
    }
  }
}

async function askForText(key: string, title: string, prompt: string, isNeeded: boolean): Promise<Answers | undefined> {
  const text = await vscode.window.showInputBox({ title, prompt, ignoreFocusOut: true });
  if (text === undefined || (isNeeded && text.trim() === '')) {
    return undefined;
  }
  return text.trim() === '' ? {} : { [key]: text.trim() };
}

/** Nobody is asked where there is no other machine to choose. */
async function askForSubmitHost(title: string, workspaceFolder: string): Promise<Answers | undefined> {
  const hosts = (await listComputeDefinitions(workspaceFolder)).filter(({ type }) => type === 'ssh');
  if (hosts.length === 0) {
    return {};
  }
  const items: (vscode.QuickPickItem & { readonly answers: Answers })[] = [
    { label: vscode.l10n.t('This machine'), answers: {}, iconPath: new vscode.ThemeIcon('device-desktop') },
    ...hosts.map(({ name }) => ({ label: name, answers: { host: name }, iconPath: new vscode.ThemeIcon('remote') })),
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title,
    placeHolder: vscode.l10n.t('Where jobs are submitted'),
    ignoreFocusOut: true,
  });
  return picked?.answers;
}

/** What is typed first, as far as it can be a name. */
function proposedName(type: DefinedType, settings: Answers): string {
  const source = settings.host?.replace(/^.*@/, '') ?? settings.partition ?? type;
  return source.replace(/[^\p{L}\p{N}_.-]+/gu, '-').replace(/^[^\p{L}\p{N}]+|[. ]+$/gu, '') || type;
}
