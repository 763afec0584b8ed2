import * as vscode from 'vscode';
import { commandIds } from '../ids.ts';
import type { PipelineOptions } from '../submit/submitter.ts';
import type { Command } from './commandRunner.ts';
import { submitOptionsOf } from './submit.ts';

/** Submits the pipeline of a file: that of {@link PipelineOptions}, that of the active editor, or one that is chosen. */
export const submitPipelineCommand: Command = {
  id: commandIds.submitPipeline,
  run: ({ submitter }, argument) => submitter.submitPipeline(pipelineOptionsOf(argument)),
};

function pipelineOptionsOf(argument: unknown): PipelineOptions {
  if (argument instanceof vscode.Uri) {
    return { pipeline: argument };
  }
  const { experiment, createWorkspace, displayName } = submitOptionsOf(argument);
  const pipeline = typeof argument === 'object' && argument !== null && 'pipeline' in argument && argument.pipeline;
  return {
    ...(pipeline instanceof vscode.Uri ? { pipeline } : {}),
    ...(experiment === undefined ? {} : { experiment }),
    ...(createWorkspace === undefined ? {} : { createWorkspace }),
    ...(displayName === undefined ? {} : { displayName }),
  };
}
