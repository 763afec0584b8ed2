/**
 * Every id that the manifest and the code share. A unit test holds the two to the same set, both ways, so an id that is
 * misspelled, forgotten or left over fails.
 */

export const commandIds = {
  createWorkspace: 'runledger.createWorkspace',
  openWorkspace: 'runledger.openWorkspace',
  submit: 'runledger.submit',
  submitWithArguments: 'runledger.submitWithArguments',
  submitSweep: 'runledger.submitSweep',
  submitPipeline: 'runledger.submitPipeline',
  resubmitRun: 'runledger.resubmitRun',
  cancelRun: 'runledger.cancelRun',
  openExperiment: 'runledger.openExperiment',
  openRun: 'runledger.openRun',
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
  configureLocalTarget: 'runledger.configureLocalTarget',
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
} as const;

export const webviewIds = {
  run: 'runledger.run',
  experiment: 'runledger.experiment',
  model: 'runledger.model',
  compare: 'runledger.compare',
} as const;

/** Settings, with their section. */
export const settingIds = {
  interpreterPath: 'runledger.python.interpreterPath',
  openRunPage: 'runledger.submit.openRunPage',
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
} as const;

export type RowToken = (typeof rowTokens)[keyof typeof rowTokens];
