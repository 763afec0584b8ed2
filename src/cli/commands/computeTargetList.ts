import type { Command } from 'commander';
import { type ComputeDefinition, listComputeDefinitions } from '../../core/compute/computeDefinitions.ts';
import type { CliContext } from '../context.ts';
import { writeList } from '../output.ts';
import { oneLine } from '../text.ts';
import { addWorkspaceOptions, chosenWorkspace, type WorkspaceOptions } from '../workspaceOptions.ts';

/** What help says of the JSON of a compute target. */
export const computeJsonHelp = `{name, type, description, path, problem, isAttached, createdTime (ISO 8601, UTC), tags, provisioning}.
What is not known is null.`;

/** The JSON of a compute target: keys are added, never changed. */
export function computeJson(target: ComputeDefinition) {
  const { name, type, description, path, problem, isAttached, createdTime, tags, provisioning } = target;
  return {
    name,
    type,
    description: description ?? null,
    path: path ?? null,
    problem: problem ?? null,
    isAttached,
    createdTime: createdTime === undefined ? null : new Date(createdTime * 1000).toISOString(),
    tags,
    provisioning,
  };
}

export function addComputeTargetList(computeTarget: Command, context: CliContext): void {
  addWorkspaceOptions(computeTarget.command('list'))
    .summary('list the compute targets')
    .description(
      'Lists the compute targets of the workspace: local, which is this machine, those that files define, and the names that scripts gave this machine.',
    )
    .addHelpText(
      'after',
      `\nJSON (-o json): an array of ${computeJsonHelp}\n\nExample:\n  runledger computetarget list`,
    )
    .action(async (options: WorkspaceOptions, command: Command) => {
      const { folder } = await chosenWorkspace(context, options);
      const targets = await listComputeDefinitions(folder);
      writeList(context, command, {
        items: targets.map(computeJson),
        columns: [
          'name',
          'type',
          'description',
          'path',
          'problem',
          'isAttached',
          'createdTime',
          'tags',
          'provisioning',
        ],
        headings: ['Compute target', 'Type', 'Description'],
        rows: () =>
          targets.map(({ name, type, description, problem }) =>
            [name, type, problem ?? description ?? ''].map(oneLine),
          ),
        whenEmpty: '',
      });
    });
}
