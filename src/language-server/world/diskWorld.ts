import { access, constants, readdir, readFile, stat } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { listComputeDefinitions } from '../../core/compute/computeDefinitions.ts';
import { registeredDataSets } from '../../core/data-sets/registeredDataSets.ts';
import { environmentStore } from '../../core/environments/registeredEnvironments.ts';
import { listRunConfigurations } from '../../core/run-configurations/runConfigurations.ts';
import { amlignoreRules } from '../../core/snapshots/ignoreRules.ts';
import { isInside, listSourceFiles, type SourceListing } from '../../core/snapshots/sourceFiles.ts';
import { experimentName } from '../../core/store/experiments.ts';
import { entriesOf, experimentsFolder, storeFolder } from '../../core/store/storeLayout.ts';
import type { VersionedDefinitions } from '../../core/store/versionedDefinitions.ts';
import { findWorkspace } from '../../core/store/workspaces.ts';
import type { LastRun } from '../../protocol/languageServer.ts';
import type { NamedVersions, WorkspaceNames, World, WorldEntry } from './world.ts';

/** So long is taken for true what was found: a keystroke asks as much as ten times for the same. */
const freshMs = 1000;
const mostFolders = 2000;
const longestText = 2_000_000;
const skippedFolders: ReadonlySet<string> = new Set([
  'node_modules',
  '__pycache__',
  'site-packages',
  '.git',
  '.runledger',
  '.venv',
]);

/** The folders that are open, as they are on the disk. */
export class DiskWorld implements World {
  private readonly roots: () => readonly string[];
  private readonly askLastRun: (configuration: string) => Promise<LastRun | undefined>;
  private readonly known = new Map<string, { readonly until: number; readonly answer: Promise<unknown> }>();

  /**
   * @param roots the folders that are open in the editor
   * @param askLastRun asks the editor, which reads the runs
   */
  constructor(
    roots: () => readonly string[],
    askLastRun: (configuration: string) => Promise<LastRun | undefined> = async () => undefined,
  ) {
    this.roots = roots;
    this.askLastRun = askLastRun;
  }

  async isFile(path: string): Promise<boolean> {
    return (await statusOf(path))?.isFile() === true;
  }

  async isFolder(path: string): Promise<boolean> {
    return (await statusOf(path))?.isDirectory() === true;
  }

  async textOf(path: string): Promise<string | undefined> {
    const size = (await statusOf(path))?.size ?? Number.POSITIVE_INFINITY;
    return size > longestText ? undefined : await readFile(path, 'utf8').catch(() => undefined);
  }

  async entries(folder: string): Promise<readonly WorldEntry[]> {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    return await Promise.all(
      entries.map(async (entry) => ({
        name: entry.name,
        isFolder: entry.isSymbolicLink() ? await this.isFolder(join(folder, entry.name)) : entry.isDirectory(),
      })),
    );
  }

  rootOf(path: string): string | undefined {
    const around = this.roots().filter((root) => isInside(root, path));
    return around.reduce<string | undefined>(
      (nearest, root) => (nearest === undefined || root.length > nearest.length ? root : nearest),
      undefined,
    );
  }

  hasFileEnding(folder: string, ending: string): Promise<boolean | undefined> {
    return this.fresh(`ending ${folder}\n${ending}`, () => this.searchEnding(folder, ending));
  }

  private async searchEnding(folder: string, ending: string): Promise<boolean | undefined> {
    let level = [folder];
    let searched = 0;
    while (level.length > 0) {
      const next: string[] = [];
      for (const current of level) {
        if (searched++ >= mostFolders) {
          return undefined;
        }
        if (await this.isFile(join(current, ending))) {
          return true;
        }
        for (const { name, isFolder } of await this.entries(current)) {
          if (isFolder && !skippedFolders.has(name)) {
            next.push(join(current, name));
          }
        }
      }
      level = next;
    }
    return false;
  }

  names(path: string): Promise<WorkspaceNames | undefined> {
    return this.fresh(`names ${dirname(path)}`, () => readNames(path));
  }

  runConfigurations(folder: string): Promise<readonly string[]> {
    return this.fresh(`configurations ${folder}`, async () =>
      (await listRunConfigurations(folder)).map(({ name }) => name),
    );
  }

  lastRun(configuration: string): Promise<LastRun | undefined> {
    return this.askLastRun(configuration);
  }

  snapshotContents(folder: string, rules: string, signal: AbortSignal): Promise<SourceListing> {
    return listSourceFiles(folder, signal, amlignoreRules(rules));
  }

  async isCommand(name: string): Promise<boolean> {
    const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
    const endings = process.platform === 'win32' ? ['', '.exe', '.cmd', '.bat'] : [''];
    for (const folder of folders) {
      for (const ending of endings) {
        if (await isExecutable(join(folder, name + ending))) {
          return true;
        }
      }
    }
    return false;
  }

  /** Files came or went. */
  forget(): void {
    this.known.clear();
  }

  private fresh<T>(question: string, ask: () => Promise<T>): Promise<T> {
    const now = Date.now();
    const known = this.known.get(question);
    if (known !== undefined && known.until > now) {
      return known.answer as Promise<T>;
    }
    for (const [other, { until }] of this.known) {
      if (until <= now) {
        this.known.delete(other);
      }
    }
    const answer = ask();
    this.known.set(question, { until: now + freshMs, answer });
    return answer;
  }
}

async function readNames(path: string): Promise<WorkspaceNames | undefined> {
  // A workspace that cannot be read is told of elsewhere; here it knows nothing.
  const workspace = await findWorkspace(dirname(path)).catch(() => undefined);
  if (workspace === undefined) {
    return undefined;
  }
  const { folder } = workspace;
  const [targets, environments, dataSets, keys, datastores] = await Promise.all([
    listComputeDefinitions(folder).catch(() => []),
    versionsOf(environmentStore(folder)).catch(() => []),
    registeredDataSets(folder).catch(() => []),
    entriesOf(experimentsFolder(folder)).catch(() => []),
    entriesOf(join(storeFolder(folder), 'data')).catch(() => []),
  ]);
  const experiments = await Promise.all(keys.map((key) => experimentName(folder, key).catch(() => key)));
  return {
    folder,
    targets: targets.map(({ name, type, description }) => ({ name, type, description })),
    environments,
    dataSets,
    experiments: experiments.sort(),
    datastores: [...new Set(['workspaceblobstore', ...datastores])],
  };
}

async function versionsOf(store: VersionedDefinitions): Promise<readonly NamedVersions[]> {
  const newest = await store.list();
  return await Promise.all(newest.map(async ({ name }) => ({ name, versions: await store.versions(name) })));
}

async function statusOf(path: string) {
  return await stat(path).catch(() => undefined);
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
