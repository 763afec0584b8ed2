import type { Command } from 'commander';
import { annotateRun } from '../../core/store/runAnnotations.ts';
import type { CliContext } from '../context.ts';
import { addKeyValue, addText, type KeyValues } from '../keyValues.ts';
import { writeItem } from '../output.ts';
import { jsonHelp, runJson } from '../runJson.ts';
import { runText } from '../runText.ts';
import {
  addWorkspaceOptions,
  ignoredExperiment,
  ignoreOptions,
  type WorkspaceOptions,
  withChosenCatalog,
} from '../workspaceOptions.ts';

interface Options extends WorkspaceOptions {
  readonly run: string;
  readonly addTag?: KeyValues;
  readonly removeTag?: readonly string[];
  readonly displayName?: string;
  readonly description?: string;
  readonly notes?: string;
}

export function addRunUpdate(run: Command, context: CliContext): void {
  ignoreOptions(addWorkspaceOptions(run.command('update')), ignoredExperiment)
    .summary('change the tags, the name, the description or the notes of a run')
    .description('Changes what is noted on a run, whether it goes on or has ended.')
    .requiredOption('-r, --run <id>', "the run's id")
    .option('--add-tag <name[=value]>', 'set a tag; can be given several times', addKeyValue)
    .option('--remove-tag <name>', 'remove a tag; can be given several times', addText)
    .option('--display-name <name>', 'the name under which the run is shown')
    .option('--description <text>', 'the description, in Markdown; empty takes it away')
    .option('--notes <text>', 'the notes, in Markdown; empty takes them away')
    .addHelpText(
      'after',
      `\n${jsonHelp.run}\n\nExample:\n  runledger run update -r digits_1763674412_3fa9c1de --add-tag stage=final`,
    )
    .action(async (options: Options, command: Command) => {
      const { addTag, removeTag, displayName, description, notes } = options;
      if ([addTag, removeTag, displayName, description, notes].every((part) => part === undefined)) {
        command.error('error: name a change: --add-tag, --remove-tag, --display-name, --description or --notes');
      }
      await withChosenCatalog(context, options, async (catalog) => {
        const annotations = {
          addTags: addTag ?? {},
          removeTags: removeTag ?? [],
          displayName: orNone(displayName),
          description: orNone(description),
          notes: orNone(notes),
        };
        await annotateRun(catalog.workspace.folder, options.run, annotations, 'cli');
        const details = await catalog.details(options.run);
        const files = await catalog.files(options.run);
        writeItem(context, command, runJson(details, files), () => runText(details, files));
      });
    });
}

/** An empty text takes away what was there. */
function orNone(text: string | undefined): string | null | undefined {
  return text === '' ? null : text;
}
