import { archiveExperimentCommand, reactivateExperimentCommand } from './archiveExperiment.ts';
import { cancelRunCommand } from './cancelRun.ts';
import { checkComputeTargetCommand } from './checkComputeTarget.ts';
import { checkStoreCommand } from './checkStore.ts';
import type { Command } from './commandRunner.ts';
import { compareRunsCommand } from './compareRuns.ts';
import { compareSnapshotsCommand, compareSnapshotWithWorkingCopyCommand } from './compareSnapshots.ts';
import { configureLocalTargetCommand } from './configureLocalTarget.ts';
import { copyModelIdCommand } from './copyModelId.ts';
import { copyRunIdCommand } from './copyRunId.ts';
import { createWorkspaceCommand } from './createWorkspace.ts';
import { debugCommand } from './debug.ts';
import { deleteComputeTargetCommand } from './deleteComputeTarget.ts';
import { deleteModelCommand } from './deleteModel.ts';
import { deleteRunCommand } from './deleteRun.ts';
import { downloadModelCommand } from './downloadModel.ts';
import { addModelPropertyCommand, editModelDescriptionCommand, editModelTagsCommand } from './editModel.ts';
import { editRunTagsCommand } from './editRunTags.ts';
import { emptyTrashCommand } from './emptyTrash.ts';
import { exportCommand } from './exportRuns.ts';
import { changeRunFilterCommand, clearRunFilterCommand, filterRunsCommand } from './filterRuns.ts';
import { groupRunsCommand } from './groupRuns.ts';
import { importCommand } from './importRuns.ts';
import { installSdkCommand } from './installSdk.ts';
import { loadMoreRunsCommand } from './loadMoreRuns.ts';
import { manageEnvironmentsCommand } from './manageEnvironments.ts';
import { newComputeTargetCommand } from './newComputeTarget.ts';
import { newExperimentCommand } from './newExperiment.ts';
import { newRunConfigurationCommand } from './newRunConfiguration.ts';
import { openComputeTargetCommand } from './openComputeTarget.ts';
import { openExperimentCommand } from './openExperiment.ts';
import { openLogCommand } from './openLog.ts';
import { openModelCommand } from './openModel.ts';
import { openModelRunCommand } from './openModelRun.ts';
import { openRunCommand } from './openRun.ts';
import { openSnapshotFileCommand } from './openSnapshotFile.ts';
import { openWorkspaceCommand } from './openWorkspace.ts';
import { refreshCommand } from './refresh.ts';
import { registerModelCommand, registerModelFromFileCommand } from './registerModel.ts';
import { renameRunCommand } from './renameRun.ts';
import { restoreModelCommand } from './restoreModel.ts';
import { restoreRunCommand } from './restoreRun.ts';
import { restoreSnapshotCommand } from './restoreSnapshot.ts';
import { resubmitRunCommand } from './resubmitRun.ts';
import { revealModelFolderCommand } from './revealModelFolder.ts';
import { revealRunFolderCommand } from './revealRunFolder.ts';
import { searchRunFilesCommand } from './searchRunFiles.ts';
import { searchSnapshotCommand } from './searchSnapshot.ts';
import { hideArchivedExperimentsCommand, showArchivedExperimentsCommand } from './showArchivedExperiments.ts';
import { showLogCommand } from './showLog.ts';
import { showProblemCommand } from './showProblem.ts';
import { showRunningRunsCommand } from './showRunningRuns.ts';
import { showSnapshotContentsCommand } from './showSnapshotContents.ts';
import { sortRunsCommand } from './sortRuns.ts';
import { starRunCommand, unstarRunCommand } from './starRun.ts';
import { submitCommand, submitWithArgumentsCommand } from './submit.ts';
import { submitFileCommand } from './submitFile.ts';
import { submitPipelineCommand } from './submitPipeline.ts';
import { submitSweepCommand } from './submitSweep.ts';

export const allCommands: readonly Command[] = [
  createWorkspaceCommand,
  openWorkspaceCommand,
  submitCommand,
  submitWithArgumentsCommand,
  debugCommand,
  submitSweepCommand,
  submitPipelineCommand,
  submitFileCommand,
  showSnapshotContentsCommand,
  resubmitRunCommand,
  cancelRunCommand,
  openExperimentCommand,
  openRunCommand,
  compareRunsCommand,
  openLogCommand,
  showRunningRunsCommand,
  revealRunFolderCommand,
  copyRunIdCommand,
  renameRunCommand,
  editRunTagsCommand,
  starRunCommand,
  unstarRunCommand,
  deleteRunCommand,
  restoreRunCommand,
  openSnapshotFileCommand,
  searchRunFilesCommand,
  searchSnapshotCommand,
  compareSnapshotWithWorkingCopyCommand,
  compareSnapshotsCommand,
  restoreSnapshotCommand,
  openModelCommand,
  registerModelCommand,
  registerModelFromFileCommand,
  editModelDescriptionCommand,
  editModelTagsCommand,
  addModelPropertyCommand,
  downloadModelCommand,
  restoreModelCommand,
  revealModelFolderCommand,
  openModelRunCommand,
  copyModelIdCommand,
  deleteModelCommand,
  newRunConfigurationCommand,
  newComputeTargetCommand,
  checkComputeTargetCommand,
  openComputeTargetCommand,
  deleteComputeTargetCommand,
  configureLocalTargetCommand,
  manageEnvironmentsCommand,
  checkStoreCommand,
  emptyTrashCommand,
  newExperimentCommand,
  archiveExperimentCommand,
  reactivateExperimentCommand,
  showArchivedExperimentsCommand,
  hideArchivedExperimentsCommand,
  exportCommand,
  importCommand,
  installSdkCommand,
  filterRunsCommand,
  changeRunFilterCommand,
  clearRunFilterCommand,
  groupRunsCommand,
  sortRunsCommand,
  loadMoreRunsCommand,
  showProblemCommand,
  refreshCommand,
  showLogCommand,
];
