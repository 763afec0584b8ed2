/** Creating, opening and finding workspaces. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileError, RunledgerError } from '../base/errors.ts';
import { pathExists } from '../base/pathExists.ts';
import type { WorkspaceInfo } from '../domain/workspace.ts';
import { publishFolder, randomHex, toJsonText, writeFileAtomically } from './atomicFile.ts';
import { isJsonObject, numberField, readStoreFile, stringField } from './jsonFile.ts';
import { storeFolder, supportedFormat, workspaceFile } from './storeLayout.ts';
import { userDataFolder } from './userData.ts';

/** The nearest workspace at `startFolder` or above it. Throws as {@link openWorkspace} for a store that cannot be read. */
export async function findWorkspace(startFolder: string): Promise<WorkspaceInfo | undefined> {
  let folder = resolve(startFolder);
  for (;;) {
    if (await pathExists(workspaceFile(folder))) {
      return openWorkspace(folder);
    }
    const parent = dirname(folder);
    if (parent === folder) {
      return undefined;
    }
    folder = parent;
  }
}

/**
 * Opens the workspace that a folder holds.
 *
 * @throws RunledgerError `not-a-store`, `newer-format` or `unreadable`
 */
export async function openWorkspace(folder: string): Promise<WorkspaceInfo> {
  const absolute = resolve(folder);
  try {
    const record = await readStoreFile(workspaceFile(absolute), 'the workspace');
    return {
      id: stringField(record, 'id') ?? '',
      name: stringField(record, 'name') ?? basename(absolute),
      folder: absolute,
      createdTime: numberField(record, 'createdTime') ?? 0,
    };
  } catch (error) {
    if (RunledgerError.is(error, 'not-found')) {
      throw new RunledgerError('not-a-store', `${absolute} holds no Runledger workspace.`, {
        advice: 'Create one with "Runledger: Create Workspace" or `runledger workspace create`.',
        cause: error,
      });
    }
    throw error;
  }
}

/**
 * Makes a workspace in a folder, which appears whole or not at all, and registers it for the user.
 *
 * @param options.name default: the folder's name
 * @throws RunledgerError `already-exists`, `invalid-name`, `not-writable`, `disk-full`
 */
export async function createWorkspace(options: { folder: string; name?: string }): Promise<WorkspaceInfo> {
  const folder = resolve(options.folder);
  const name = (options.name ?? basename(folder)).trim() || 'workspace';
  if (name.length > 255) {
    throw new RunledgerError('invalid-name', "A workspace's name has at most 255 characters.");
  }
  const target = storeFolder(folder);
  const info: WorkspaceInfo = { id: randomUUID(), name, folder, createdTime: Date.now() / 1000 };
  try {
    const isCreated = await publishFolder(
      join(folder, `.runledger-staging-${randomHex(4)}`),
      target,
      async (staging) => {
        await writeFile(join(staging, '.gitignore'), '*\n');
        for (const part of ['active', 'experiments', 'snapshots', 'trash']) {
          await mkdir(join(staging, part));
        }
        const record = {
          format: supportedFormat,
          id: info.id,
          name,
          createdTime: info.createdTime,
          location: 'local',
          tags: {},
        };
        await writeFile(join(staging, 'workspace.json'), toJsonText(record), { flush: true });
      },
    );
    if (!isCreated && !(await pathExists(workspaceFile(folder)))) {
      throw new RunledgerError('not-writable', `${target} is there already and is no Runledger workspace.`, {
        advice: 'Rename it or move it away, then create the workspace.',
      });
    }
    if (!isCreated) {
      throw new RunledgerError('already-exists', `${folder} already holds a Runledger workspace.`, {
        advice: 'Open it, or choose another folder.',
      });
    }
  } catch (error) {
    throw fileError(error, 'create the workspace', folder);
  }
  await registerWorkspace(info);
  return info;
}

function registryFolder(): string {
  return join(userDataFolder(), 'workspaces');
}

/** The registry only helps to find workspaces by name: a home that cannot be written keeps nobody from working. */
async function registerWorkspace(info: WorkspaceInfo): Promise<void> {
  try {
    const folder = await realpath(info.folder);
    await mkdir(registryFolder(), { recursive: true });
    await writeFileAtomically(await registryFile(folder), toJsonText({ name: info.name, folder, id: info.id }));
  } catch {
    return;
  }
}

/** What this machine knows of the workspace in a folder, whatever its own record says: undefined where that is nothing. */
export async function registeredIdentity(folder: string): Promise<{ id: string; name: string } | undefined> {
  try {
    const entry: unknown = JSON.parse(await readFile(await registryFile(folder), 'utf8'));
    return isJsonObject(entry) && typeof entry.id === 'string' && typeof entry.name === 'string'
      ? { id: entry.id, name: entry.name }
      : undefined;
  } catch {
    return undefined;
  }
}

async function registryFile(folder: string): Promise<string> {
  const hash = createHash('sha256').update(await realpath(folder));
  return join(registryFolder(), `${hash.digest('hex').slice(0, 16)}.json`);
}

/** The user's workspaces that still exist, by name. */
export async function registeredWorkspaces(): Promise<readonly WorkspaceInfo[]> {
  let files: string[];
  try {
    files = (await readdir(registryFolder())).filter((file) => /^[0-9a-f]{16}\.json$/.test(file));
  } catch {
    return [];
  }
  const found = await Promise.all(files.map((file) => readRegistryEntry(join(registryFolder(), file))));
  return found.filter((info) => info !== undefined).sort((a, b) => a.name.localeCompare(b.name));
}

async function readRegistryEntry(path: string): Promise<WorkspaceInfo | undefined> {
  try {
    const entry: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (!isJsonObject(entry) || typeof entry.folder !== 'string') {
      return undefined;
    }
    const info = await openWorkspace(entry.folder);
    return info.id === entry.id ? info : undefined;
  } catch {
    return undefined;
  }
}
