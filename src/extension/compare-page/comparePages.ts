import * as vscode from 'vscode';
import { RunledgerError } from '../../core/base/errors.ts';
import type { RunCatalog } from '../../core/catalog/runCatalog.ts';
import type { ComparePageState } from '../../protocol/comparePage.ts';
import type { RunTarget } from '../commands/runTarget.ts';
import { RememberedLayouts } from '../experiment-page/rememberedLayouts.ts';
import type { RunFiles } from '../files/runFiles.ts';
import { webviewIds } from '../ids.ts';
import { OpenPages } from '../pages/openPages.ts';
import { runLabel } from '../tree/nodes.ts';
import { statusLook } from '../tree/statusLook.ts';
import type { WorkspaceService } from '../workspaces/workspaceService.ts';
import { parseComparePageState } from './comparePageMessages.ts';
import { ComparePagePanel } from './comparePagePanel.ts';

/** Runs that are offered to be added. */
const mostOffered = 200;

export interface ComparePagesDeps {
  readonly extensionUri: vscode.Uri;
  readonly workspaces: WorkspaceService;
  readonly memento: vscode.Memento;
  readonly runFiles: RunFiles;
  /** The runs that were dragged last from the Experiments view. */
  readonly draggedRuns: () => readonly RunTarget[];
  readonly log: vscode.LogOutputChannel;
}

/** The comparisons that are open in this window: at most one of the same runs. */
export function comparePages({
  extensionUri,
  workspaces,
  memento,
  runFiles,
  draggedRuns,
  log,
}: ComparePagesDeps): OpenPages<ComparePageState, ComparePagePanel> {
  const layouts = new RememberedLayouts(memento);
  return new OpenPages<ComparePageState, ComparePagePanel>(
    {
      viewType: webviewIds.compare,
      keyOf: ({ workspaceFolder, runIds }) => [workspaceFolder, ...runIds.toSorted()].join('\n'),
      parseState: parseComparePageState,
      load: async ({ workspaceFolder, runIds }) => {
        const catalog = await workspaces.catalog(workspaceFolder);
        const found = await Promise.all(runIds.map((id) => catalog.run(id)));
        if (found.every((run) => run === undefined)) {
          throw new RunledgerError('not-found', vscode.l10n.t('None of these runs is there any more.'));
        }
        return (panel) =>
          new ComparePagePanel({ panel, catalog, runIds, extensionUri, layouts, runFiles, draggedRuns, pickRun, log });
      },
    },
    log,
  );
}

export type ComparePages = ReturnType<typeof comparePages>;

/** Of the newest runs of the experiments that are compared already. */
async function pickRun(catalog: RunCatalog, runIds: readonly string[]): Promise<string | undefined> {
  const compared = new Set(runIds);
  const [first] = runIds;
  const entry = first === undefined ? undefined : await catalog.run(first);
  const { items } = await catalog.find({ filter: '', experimentKey: entry?.experimentKey, limit: mostOffered });
  const offered = items.flatMap((run) => (run.kind === 'run' && !compared.has(run.id) ? [run] : []));
  const picked = await vscode.window.showQuickPick(
    offered.map((run) => ({
      label: runLabel(run),
      description: vscode.l10n.t('{0} · run {1}', run.experiment, run.number),
      detail: run.id,
      iconPath: statusLook(run.status).icon,
      runId: run.id,
    })),
    { placeHolder: vscode.l10n.t('Run to compare'), matchOnDescription: true, matchOnDetail: true },
  );
  return picked?.runId;
}
