import { basename, extname } from 'node:path';
import * as vscode from 'vscode';
import type { RunCatalog } from '../../core/catalog/runCatalog.ts';
import type { RunSummary } from '../../core/domain/run.ts';
import { isTerminal } from '../../core/domain/runStatus.ts';
import { isInside } from '../../core/snapshots/sourceFiles.ts';
import type { LastRun } from '../../protocol/languageServer.ts';
import { formatAge } from '../text/format.ts';
import { runLabel } from '../tree/nodes.ts';
import { statusLook } from '../tree/statusLook.ts';
import type { WorkspaceService } from '../workspaces/workspaceService.ts';

/** Runs that are looked at; one that lies further back is not told of. */
const mostRuns = 50;
const mostRemembered = 2000;

/** How a run was made, which never changes. */
interface Origin {
  readonly runConfiguration: string | undefined;
  readonly sourceDirectory: string | undefined;
}

/** Which runs were made with a run configuration. */
export class LastRuns {
  private readonly workspaces: WorkspaceService;
  private readonly origins = new Map<string, Origin>();

  constructor(workspaces: WorkspaceService) {
    this.workspaces = workspaces;
  }

  /** @param configuration the file of the run configuration, absolute */
  async of(configuration: string): Promise<LastRun | undefined> {
    const workspace = await this.workspaces.workspaceOf(configuration);
    if (workspace === undefined) {
      return undefined;
    }
    const catalog = await this.workspaces.catalog(workspace.folder);
    const { items } = await catalog.find({ filter: '', limit: mostRuns });
    for (const entry of items) {
      if (entry.kind === 'run' && isMadeWith(configuration, await this.originOf(catalog, entry.id))) {
        return { workspaceFolder: workspace.folder, runId: entry.id, title: titleOf(entry, Date.now() / 1000) };
      }
    }
    return undefined;
  }

  private async originOf(catalog: RunCatalog, runId: string): Promise<Origin> {
    const known = this.origins.get(runId);
    if (known !== undefined) {
      return known;
    }
    const submission = await catalog.details(runId).then(
      (details) => details.submission,
      // Gone meanwhile, or unreadable.
      () => undefined,
    );
    const origin = { runConfiguration: submission?.runConfiguration, sourceDirectory: submission?.sourceDirectory };
    if (this.origins.size >= mostRemembered) {
      this.origins.clear();
    }
    this.origins.set(runId, origin);
    return origin;
  }
}

/** A run knows the name of its run configuration: that of the file, or, where two have it, the path of the second. */
function isMadeWith(configuration: string, { runConfiguration, sourceDirectory }: Origin): boolean {
  const stem = basename(configuration, extname(configuration));
  const isNamed =
    runConfiguration === stem || (runConfiguration?.includes('/') === true && configuration.endsWith(runConfiguration));
  return isNamed && sourceDirectory !== undefined && isInside(sourceDirectory, configuration);
}

function titleOf(run: RunSummary, now: number): string {
  const { icon, label } = statusLook(run.status);
  const name = runLabel(run);
  const title = isTerminal(run.status)
    ? vscode.l10n.t('{0}: {1}, {2}', name, label, ageText(now - (run.endTime ?? run.createdTime)))
    : vscode.l10n.t('{0}: {1}', name, label);
  // Names can hold what a lens takes for an icon.
  return `$(${icon.id}) ${title.replaceAll('$(', '$\u200b(')}`;
}

function ageText(seconds: number): string {
  const age = formatAge(seconds);
  return age === 'now' ? vscode.l10n.t('just now') : vscode.l10n.t('{0} ago', age);
}
