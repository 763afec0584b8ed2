import type * as vscode from 'vscode';
import type { ComparePages } from '../compare-page/comparePages.ts';
import type { ComputeView } from '../compute/computeView.ts';
import type { DebugSessions } from '../debug/debugSessions.ts';
import type { ExperimentPages } from '../experiment-page/experimentPages.ts';
import type { RunFiles } from '../files/runFiles.ts';
import type { ModelPages } from '../model-page/modelPages.ts';
import type { RunPages } from '../run-page/runPages.ts';
import type { RunningRuns } from '../running/runningRuns.ts';
import type { ReportDocuments } from '../store/reportDocuments.ts';
import type { Submitter } from '../submit/submitter.ts';
import type { ExperimentsView } from '../tree/experimentsView.ts';
import type { ModelsView } from '../tree/modelsView.ts';
import type { WorkspaceService } from '../workspaces/workspaceService.ts';

/** What commands work with. */
export interface CommandServices {
  readonly workspaces: WorkspaceService;
  readonly experiments: ExperimentsView;
  readonly models: ModelsView;
  readonly compute: ComputeView;
  readonly pages: RunPages;
  readonly experimentPages: ExperimentPages;
  readonly comparePages: ComparePages;
  readonly modelPages: ModelPages;
  readonly runFiles: RunFiles;
  readonly running: RunningRuns;
  readonly submitter: Submitter;
  readonly debugSessions: DebugSessions;
  readonly reports: ReportDocuments;
  /** The folder `python/` of the extension. */
  readonly pythonSdkFolder: string;
  /** The program, as records name it: `runledger-vscode/0.1.0`. */
  readonly createdBy: string;
  readonly log: vscode.LogOutputChannel;
}
