import type { Command } from 'commander';
import { experimentNamed } from '../core/catalog/experimentNamed.ts';
import { setExperimentArchived } from '../core/store/experimentJournal.ts';
import type { CliContext } from './context.ts';
import { experimentJson, experimentJsonHelp } from './experimentOutput.ts';
import { writeItem } from './output.ts';
import { oneLine } from './text.ts';
import { addWorkspaceOptions, type WorkspaceOptions, withChosenCatalog } from './workspaceOptions.ts';

interface Options extends WorkspaceOptions {
  readonly experimentName: string;
}

export interface Archiving {
  readonly verb: 'archive' | 'reactivate';
  readonly isArchived: boolean;
  readonly summary: string;
  readonly description: string;
  /** What the experiment is then, to follow "is". */
  readonly done: string;
  /** To follow the experiment's name where nothing changed. */
  readonly already: string;
}

/** Adds the command that archives an experiment, or the one that takes that back. */
export function addArchiving(experiment: Command, context: CliContext, archiving: Archiving): void {
  const { verb, isArchived, summary, description, done, already } = archiving;
  addWorkspaceOptions(experiment.command(verb))
    .summary(summary)
    .description(description)
    .requiredOption('-e, --experiment-name <name>', "the experiment's name, whatever its case")
    .addHelpText(
      'after',
      `\nJSON (-o json): ${experimentJsonHelp}\n\nExample:\n  runledger experiment ${verb} -e digits`,
    )
    .action((options: Options, command: Command) =>
      withChosenCatalog(context, options, async (catalog) => {
        const { key } = experimentNamed(await catalog.experiments(), options.experimentName);
        const isChanged = await setExperimentArchived(catalog.workspace.folder, key, isArchived, 'cli');
        const changed = experimentNamed(await catalog.experiments(), options.experimentName);
        writeItem(context, command, experimentJson(changed), () =>
          isChanged ? `${oneLine(changed.name)} is ${done}.` : `${oneLine(changed.name)} ${already}.`,
        );
      }),
    );
}
