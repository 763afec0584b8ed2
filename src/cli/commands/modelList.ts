import type { Command } from 'commander';
import type { ModelEntry } from '../../core/domain/model.ts';
import { listModels } from '../../core/models/modelVersions.ts';
import type { CliContext } from '../context.ts';
import { addKeyValue, conditionsOf, type KeyValues } from '../keyValues.ts';
import { modelColumns, modelEntryJson, modelJsonHelp } from '../modelOutput.ts';
import { writeList } from '../output.ts';
import { momentText, oneLine } from '../text.ts';
import { addWorkspaceOptions, chosenWorkspace, type WorkspaceOptions } from '../workspaceOptions.ts';

interface Options extends WorkspaceOptions {
  readonly modelName?: string;
  readonly latest?: boolean;
  readonly tag?: KeyValues;
  readonly property?: KeyValues;
  readonly runId?: string;
}

export function addModelList(model: Command, context: CliContext): void {
  addWorkspaceOptions(model.command('list'))
    .summary('list models and their versions')
    .description("Lists the models of the workspace, by name, each model's newest version first.")
    .option('-n, --model-name <name>', 'only the versions of this model')
    .option('-l, --latest', 'only the newest version of each')
    .option('--tag <name[=value]>', 'only those with this tag, and this value; several must all hold', addKeyValue)
    .option('--property <name[=value]>', 'only those with this property; several must all hold', addKeyValue)
    .option('-r, --run-id <id>', 'only those that were registered from this run')
    .addHelpText(
      'after',
      `
JSON (-o json): an array of ${modelJsonHelp}
A version that cannot be read is {id, version, problem, folder}.

Example:
  runledger model list -l --tag stage=production -o tsv`,
    )
    .action(async (options: Options, command: Command) => {
      const { folder } = await chosenWorkspace(context, options);
      const entries = await listModels(folder, {
        name: options.modelName,
        tags: conditionsOf(options.tag),
        properties: conditionsOf(options.property),
        runId: options.runId,
        isLatestOnly: options.latest === true,
      });
      writeList(context, command, {
        items: entries.map(modelEntryJson),
        columns: modelColumns,
        headings: ['Model', 'Version', 'Registered', 'Framework', 'Run', 'Tags'],
        rows: () => entries.map(row),
        whenEmpty: 'No models. Register one with: runledger model register -n NAME -p PATH',
      });
    });
}

function row(entry: ModelEntry): string[] {
  if (entry.kind === 'unreadable') {
    return [entry.modelKey, String(entry.version), 'Unreadable', '', '', oneLine(entry.problem)];
  }
  const tags = Object.entries(entry.tags).map(([name, value]) => (value === null ? name : `${name}=${value}`));
  return [
    oneLine(entry.name),
    String(entry.version),
    momentText(entry.createdTime),
    oneLine(entry.framework ?? ''),
    oneLine(entry.runId ?? ''),
    oneLine(tags.join(', ')),
  ];
}
