import type { Command } from 'commander';
import {
  listPublishedPipelines,
  type PublishedPipeline,
} from '../../core/orchestration/pipeline/publishedPipelines.ts';
import type { CliContext } from '../context.ts';
import { writeList } from '../output.ts';
import { momentText, oneLine } from '../text.ts';
import { addWorkspaceOptions, chosenWorkspace, type WorkspaceOptions } from '../workspaceOptions.ts';

export function addPipelineList(pipeline: Command, context: CliContext): void {
  addWorkspaceOptions(pipeline.command('list'))
    .summary('list the published pipelines')
    .description('Lists the pipelines that were published in the workspace, newest first.')
    .addHelpText(
      'after',
      `
JSON (-o json): an array of {id, name, description, version, createdTime, isActive, parameters}. parameters has the defaults.

Example:
  runledger pipeline list`,
    )
    .action(async (options: WorkspaceOptions, command: Command) => {
      const { folder } = await chosenWorkspace(context, options);
      const pipelines = await listPublishedPipelines(folder);
      writeList(context, command, {
        items: pipelines.map(pipelineJson),
        columns: ['id', 'name', 'version', 'createdTime', 'isActive'],
        headings: ['Name', 'Version', 'Published', 'Parameters', 'Id'],
        rows: () => pipelines.map(row),
        whenEmpty: 'No published pipelines. A script publishes one with Pipeline.publish.',
      });
    });
}

function pipelineJson({
  id,
  name,
  description,
  version,
  createdTime,
  isActive,
  definition,
}: PublishedPipeline): object {
  return {
    id,
    name,
    description: description ?? null,
    version: version ?? null,
    createdTime: new Date(createdTime * 1000).toISOString(),
    isActive,
    parameters: definition.parameters,
  };
}

function row({ id, name, version, createdTime, isActive, definition }: PublishedPipeline): string[] {
  const parameters = Object.keys(definition.parameters).join(', ');
  const label = isActive ? name : `${name} (disabled)`;
  return [oneLine(label), oneLine(version ?? ''), momentText(createdTime), oneLine(parameters), id];
}
