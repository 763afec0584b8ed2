/**
 * Every id that the manifest and the code share. A unit test holds the two to the same set, both ways, so an id that is
 * misspelled, forgotten or left over fails.
 */

import { editorCommands } from '../protocol/languageServer.ts';

export const commandIds = {
  createWorkspace: 'runledger.createWorkspace',
  openWorkspace: 'runledger.openWorkspace',
  submit: editorCommands.submit,
  submitWithArguments: editorCommands.submitWithArguments,
  debug: 'runledger.debug',
  submitSweep: 'runledger.submitSweep',
  submitPipeline: 'runledger.submitPipeline',
  submitFile: editorCommands.submitFile,
  showSnapshotContents: editorCommands.showSnapshotContents,
  resubmitRun: 'runledger.resubmitRun',
  cancelRun: 'runledger.cancelRun',
  openExperiment: 'runledger.openExperiment',
  openRun: editorCommands.openRun,
  compareRuns: 'runledger.compareRuns',
  openLog: 'runledger.openLog',
  showRunningRuns: 'runledger.showRunningRuns',
  revealRunFolder: 'runledger.revealRunFolder',
  copyRunId: 'runledger.copyRunId',
  renameRun: 'runledger.renameRun',
  editRunTags: 'runledger.editRunTags',
  starRun: 'runledger.starRun',
  unstarRun: 'runledger.unstarRun',
  deleteRun: 'runledger.deleteRun',
  restoreRun: 'runledger.restoreRun',
  searchRunFiles: 'runledger.searchRunFiles',
  searchSnapshot: 'runledger.searchSnapshot',
  openSnapshotFile: 'runledger.openSnapshotFile',
  compareSnapshotWithWorkingCopy: 'runledger.compareSnapshotWithWorkingCopy',
  compareSnapshots: 'runledger.compareSnapshots',
  restoreSnapshot: 'runledger.restoreSnapshot',
  openModel: 'runledger.openModel',
  registerModel: 'runledger.registerModel',
  registerModelFromFile: 'runledger.registerModelFromFile',
  editModelDescription: 'runledger.editModelDescription',
  editModelTags: 'runledger.editModelTags',
  addModelProperty: 'runledger.addModelProperty',
  downloadModel: 'runledger.downloadModel',
  restoreModel: 'runledger.restoreModel',
  revealModelFolder: 'runledger.revealModelFolder',
  openModelRun: 'runledger.openModelRun',
  copyModelId: 'runledger.copyModelId',
  deleteModel: 'runledger.deleteModel',
  newRunConfiguration: 'runledger.newRunConfiguration',
  newComputeTarget: 'runledger.newComputeTarget',
  checkComputeTarget: 'runledger.checkComputeTarget',
  openComputeTarget: 'runledger.openComputeTarget',
  deleteComputeTarget: 'runledger.deleteComputeTarget',
  configureLocalTarget: 'runledger.configureLocalTarget',
  manageEnvironments: 'runledger.manageEnvironments',
  checkStore: 'runledger.checkStore',
  emptyTrash: 'runledger.emptyTrash',
  newExperiment: 'runledger.newExperiment',
  archiveExperiment: 'runledger.archiveExperiment',
  reactivateExperiment: 'runledger.reactivateExperiment',
  showArchivedExperiments: 'runledger.showArchivedExperiments',
  hideArchivedExperiments: 'runledger.hideArchivedExperiments',
  export: 'runledger.export',
  import: 'runledger.import',
  installSdk: 'runledger.installSdk',
  filterRuns: 'runledger.filterRuns',
  changeRunFilter: 'runledger.changeRunFilter',
  clearRunFilter: 'runledger.clearRunFilter',
  groupRuns: 'runledger.groupRuns',
  sortRuns: 'runledger.sortRuns',
  loadMoreRuns: 'runledger.loadMoreRuns',
  showProblem: 'runledger.showProblem',
  refresh: 'runledger.refresh',
  showLog: 'runledger.showLog',
} as const;

export type CommandId = (typeof commandIds)[keyof typeof commandIds];

export const viewContainerId = 'runledger';

export const viewIds = {
  experiments: 'runledger.experiments',
  models: 'runledger.models',
  compute: 'runledger.compute',
} as const;

export const webviewIds = {
  run: 'runledger.run',
  experiment: 'runledger.experiment',
  model: 'runledger.model',
  compare: 'runledger.compare',
} as const;

/** Renderers of outputs of notebooks. */
export const rendererIds = { run: 'runledger.run' } as const;

/** `list_runs` as `list_runledger_runs`: tools of all extensions share one list of names. */
export function languageModelToolId(toolName: string): string {
  return toolName.replace('_', '_runledger_');
}

/** Settings, with their section. */
export const settingIds = {
  interpreterPath: 'runledger.python.interpreterPath',
  condaPath: 'runledger.condaPath',
  openRunPage: 'runledger.submit.openRunPage',
  pythonInlayHints: 'runledger.python.inlayHints',
  pythonHovers: 'runledger.python.hovers',
  pythonCompletions: 'runledger.python.completions',
  pythonCodeLenses: 'runledger.python.codeLenses',
  notifyRunEnded: 'runledger.notifications.runEnded',
} as const;

/** Context keys that the extension sets and `when` clauses read. */
export const contextKeys = {
  /** One of {@link ViewState}; unset until the first look. */
  viewState: 'runledger.viewState',
  /** Whether the active editor holds a Python script. */
  hasOpenScript: 'runledger.hasOpenScript',
  /** Whether the Experiments view shows only runs that match a filter. */
  hasRunFilter: 'runledger.hasRunFilter',
  /** Whether the Experiments view shows archived experiments. */
  showsArchived: 'runledger.showsArchived',
} as const;

/** Which of the mutually exclusive states the Experiments view is in. */
export type ViewState = 'noFolder' | 'noWorkspace' | 'noRuns' | 'runs';

/** What a row of the tree can do, as tokens of its `viewItem`. */
export const rowTokens = {
  workspace: 'workspace',
  damagedWorkspace: 'damagedWorkspace',
  experiment: 'experiment',
  archivable: 'archivable',
  archived: 'archived',
  run: 'run',
  cancelable: 'cancelable',
  deletable: 'deletable',
  resubmittable: 'resubmittable',
  submitted: 'submitted',
  starred: 'starred',
  unstarred: 'unstarred',
  model: 'model',
  modelVersion: 'modelVersion',
  fromRun: 'fromRun',
  computeTarget: 'computeTarget',
  definedTarget: 'definedTarget',
} as const;

export type RowToken = (typeof rowTokens)[keyof typeof rowTokens];
