import { isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';
import { expandHome } from '../../core/base/homePath.ts';
import { settingIds } from '../ids.ts';

const pythonExtensionId = 'ms-python.python';

/** The part of the Python extension's exported API that is used. */
interface PythonExtensionApi {
  readonly environments: {
    readonly known?: readonly { readonly executable?: { readonly uri?: vscode.Uri } }[];
    getActiveEnvironmentPath(resource?: vscode.Uri): unknown;
    resolveEnvironment(
      environment: unknown,
    ): Promise<{ readonly executable: { readonly uri?: vscode.Uri } } | undefined>;
  };
}

/**
 * The interpreters to submit with where the run configuration names none, best first: the one chosen in the Python
 * extension, then that of the setting. Neither needs to be there.
 */
export async function interpreterCandidates(resource: vscode.Uri, log: vscode.LogOutputChannel): Promise<string[]> {
  const chosen = await chosenInPythonExtension(resource, log);
  const configured = configuredInterpreter(resource);
  return [chosen, configured].filter((path) => path !== undefined);
}

/** The interpreters that the Python extension has found so far; none where there is no such extension. */
export async function knownInterpreters(log: vscode.LogOutputChannel): Promise<readonly string[]> {
  try {
    const api = await vscode.extensions.getExtension<unknown>(pythonExtensionId)?.activate();
    const known = isPythonExtensionApi(api) ? (api.environments.known ?? []) : [];
    return known.flatMap(({ executable }) => (executable?.uri === undefined ? [] : [executable.uri.fsPath]));
  } catch (error) {
    log.warn(
      `The Python extension did not tell its interpreters: ${error instanceof Error ? error.message : String(error)}`,
    );
    return [];
  }
}

/** Lets the person choose the interpreter: in the Python extension where there is one, else in the settings. */
export async function selectInterpreter(): Promise<void> {
  if (vscode.extensions.getExtension(pythonExtensionId) !== undefined) {
    await vscode.commands.executeCommand('python.setInterpreter');
    return;
  }
  // The setting belongs to the machine that runs scripts: in a remote window the user's own settings do not list it.
  const isRemote = vscode.env.remoteName !== undefined;
  await vscode.commands.executeCommand(
    isRemote ? 'workbench.action.openRemoteSettings' : 'workbench.action.openSettings',
    { query: `@id:${settingIds.interpreterPath}` },
  );
}

function configuredInterpreter(resource: vscode.Uri): string | undefined {
  const value = vscode.workspace
    .getConfiguration(undefined, resource)
    .get<string>(settingIds.interpreterPath, '')
    .trim();
  if (value === '') {
    return undefined;
  }
  const folder = vscode.workspace.getWorkspaceFolder(resource)?.uri.fsPath;
  const path = expandHome(value).replace(/\$\{workspaceFolder\}/g, () => folder ?? '');
  const isPath = /[\\/]/.test(path);
  return isPath && !isAbsolute(path) && folder !== undefined ? join(folder, path) : path;
}

/**
 * The file of variables that the person set for the Python extension, absolute, whether or not it is there. Without that setting, core finds the
 * usual `.env` by itself.
 */
export function configuredEnvironmentFile(resource: vscode.Uri): string | undefined {
  const setting = vscode.workspace.getConfiguration('python', resource).inspect<string>('envFile');
  const value = setting?.workspaceFolderValue ?? setting?.workspaceValue ?? setting?.globalValue;
  if (typeof value !== 'string' || value.trim() === '') {
    return undefined;
  }
  const folder = vscode.workspace.getWorkspaceFolder(resource)?.uri.fsPath ?? '';
  const path = expandHome(value.trim()).replace(/\$\{workspace(?:Folder|Root)\}/g, () => folder);
  return isAbsolute(path) ? path : join(folder, path);
}

async function chosenInPythonExtension(
  resource: vscode.Uri,
  log: vscode.LogOutputChannel,
): Promise<string | undefined> {
  const extension = vscode.extensions.getExtension<unknown>(pythonExtensionId);
  if (extension === undefined) {
    return undefined;
  }
  try {
    const api = await extension.activate();
    if (!isPythonExtensionApi(api)) {
      log.warn('The Python extension has no API of environments: the interpreter chosen there is not used.');
      return undefined;
    }
    const environment = await api.environments.resolveEnvironment(api.environments.getActiveEnvironmentPath(resource));
    return environment?.executable.uri?.fsPath;
  } catch (error) {
    // Whatever is wrong with another extension, the other candidates are left.
    log.warn(
      `The Python extension did not tell its interpreter: ${error instanceof Error ? error.message : String(error)}`,
    );
    return undefined;
  }
}

function isPythonExtensionApi(value: unknown): value is PythonExtensionApi {
  if (typeof value !== 'object' || value === null || !('environments' in value)) {
    return false;
  }
  const environments = value.environments;
  return (
    typeof environments === 'object' &&
    environments !== null &&
    'getActiveEnvironmentPath' in environments &&
    typeof environments.getActiveEnvironmentPath === 'function' &&
    'resolveEnvironment' in environments &&
    typeof environments.resolveEnvironment === 'function'
  );
}
