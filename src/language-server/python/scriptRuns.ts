/** What the runs of a script logged: read through the catalog, kept until it tells of a change. */
import { realpath } from 'node:fs/promises';
import { dirname, relative, resolve, sep } from 'node:path';
import { CoalescedTask } from '../../core/base/coalesce.ts';
import { RunledgerError } from '../../core/base/errors.ts';
import { type Disposable, DisposableStore } from '../../core/base/events.ts';
import { openRunCatalog } from '../../core/catalog/indexedRunCatalog.ts';
import type { CatalogChange, RunCatalog } from '../../core/catalog/runCatalog.ts';
import type { RunDetails } from '../../core/domain/run.ts';
import { printQuery } from '../../core/run-query/printQuery.ts';
import { findWorkspace } from '../../core/store/workspaces.ts';

export interface ScriptRuns {
  readonly catalog: RunCatalog;
  /** Of this very file, newest first; none where it never ran. */
  readonly runs: readonly RunDetails[];
}

/** Runs of a script that are shown beside it. */
const mostRuns = 5;
/** Scripts of one name in other folders may have run in between. */
const mostLookedAt = 40;
/** What a running script logs is shown so often. */
const changeIntervalMs = 1000;
/** A workspace may be made after a file was opened. */
const absenceMs = 5000;

interface KnownScript {
  readonly runs: Promise<ScriptRuns | undefined>;
  runIds: ReadonlySet<string>;
  readonly expires: number;
}

export class RunsOfScripts implements Disposable {
  private readonly catalogs = new Map<string, Promise<RunCatalog>>();
  private readonly scripts = new Map<string, KnownScript>();
  private readonly disposables = new DisposableStore();
  private readonly changed: CoalescedTask;
  private isDisposed = false;

  /** @param onDidChange called when `of` may answer otherwise than before, for any of the scripts that were asked for */
  constructor(onDidChange: () => void) {
    this.changed = this.disposables.add(
      new CoalescedTask(async () => onDidChange(), changeIntervalMs, undefined, { isPrompt: true }),
    );
  }

  /** Undefined where the script is in no workspace, or in one that cannot be read: what is wrong with it, its view tells. */
  async of(path: string): Promise<ScriptRuns | undefined> {
    let known = this.scripts.get(path);
    if (known === undefined || known.expires < performance.now()) {
      known = this.read(path);
    }
    return await known.runs;
  }

  dispose(): void {
    this.isDisposed = true;
    this.disposables.dispose();
    for (const catalog of this.catalogs.values()) {
      catalog.then(
        (opened) => opened.dispose(),
        () => {},
      );
    }
    this.catalogs.clear();
    this.scripts.clear();
  }

  private read(path: string): KnownScript {
    const runs = this.readRuns(path).catch((error: unknown) => {
      if (RunledgerError.is(error)) {
        return undefined;
      }
      throw error;
    });
    const known: KnownScript = { runs, runIds: new Set(), expires: Number.POSITIVE_INFINITY };
    this.scripts.set(path, known);
    const forgetSoon = (): void => {
      if (this.scripts.get(path) === known) {
        this.scripts.set(path, { ...known, expires: performance.now() + absenceMs });
      }
    };
    runs.then((found) => {
      known.runIds = new Set(found?.runs.map(({ summary }) => summary.id));
      if (found === undefined) {
        forgetSoon();
      }
    }, forgetSoon);
    return known;
  }

  private async readRuns(path: string): Promise<ScriptRuns | undefined> {
    const workspace = await findWorkspace(dirname(path));
    if (workspace === undefined || this.isDisposed) {
      return undefined;
    }
    const catalog = await this.catalogOf(workspace.folder);
    // The interpreter may know the file, and the editor the workspace, under another name.
    const paths = [path, await realpath(path).catch(() => path)];
    const { items } = await catalog.find({ filter: ranAs(paths, workspace.folder), limit: mostLookedAt });
    const runs: RunDetails[] = [];
    for (const entry of items) {
      if (runs.length === mostRuns) {
        break;
      }
      // Deleted meanwhile, or damaged: the others are shown.
      const details = entry.kind === 'run' ? await catalog.details(entry.id).catch(() => undefined) : undefined;
      if (details !== undefined && isOfOne(details, paths)) {
        runs.push(details);
      }
    }
    return { catalog, runs };
  }

  private async catalogOf(folder: string): Promise<RunCatalog> {
    let opening = this.catalogs.get(folder);
    if (opening === undefined) {
      opening = openRunCatalog(folder);
      this.catalogs.set(folder, opening);
      opening.then(
        (catalog) => this.disposables.add(catalog.onDidChange((change) => this.forget(change))),
        () => this.catalogs.delete(folder),
      );
    }
    return await opening;
  }

  private forget(change: CatalogChange): void {
    if (change.kind === 'reading' || change.kind === 'experiments') {
      return;
    }
    for (const [path, { runIds }] of this.scripts) {
      if (change.kind === 'runs-added' || runIds.has(change.kind === 'run-changed' ? change.entry.id : change.runId)) {
        this.scripts.delete(path);
        this.changed.schedule();
      }
    }
  }
}

/**
 * A submitted script is named from its source folder, which may be any at or above the script's; one that was run by hand by
 * its whole path.
 */
function ranAs(paths: readonly string[], workspaceFolder: string): string {
  const names = paths.flatMap((path) => {
    const segments = relative(workspaceFolder, path).split(sep);
    return [path, ...segments.map((_, index) => segments.slice(index).join('/'))];
  });
  const values = [...new Set(names)].map((text) => ({ kind: 'text', text }) as const);
  const field = { kind: 'attribute', name: 'script' } as const;
  return printQuery({ condition: { kind: 'in', field, values, isNegated: false }, order: [] });
}

function isOfOne({ summary, submission }: RunDetails, paths: readonly string[]): boolean {
  const { script } = summary;
  const folder = submission?.sourceDirectory;
  return script !== undefined && folder !== undefined && paths.includes(resolve(folder, script));
}
