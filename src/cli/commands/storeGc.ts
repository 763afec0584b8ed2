import { type Command, InvalidArgumentError } from 'commander';
import {
  type GarbageItem,
  type GarbageKind,
  type GarbagePlan,
  type GarbageResult,
  planGarbage,
  removeGarbage,
} from '../../core/store-gc/garbage.ts';
import { confirm } from '../confirmation.ts';
import { type CliContext, writeLine } from '../context.ts';
import { interruptible } from '../interruptible.ts';
import { outputFormat, writeItem } from '../output.ts';
import { ProgressLine } from '../progressLine.ts';
import { bytesText, oneLine } from '../text.ts';
import { addWorkspaceOptions, chosenWorkspace, type WorkspaceOptions } from '../workspaceOptions.ts';

interface Options extends WorkspaceOptions {
  readonly olderThan?: Age;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

interface Age {
  readonly text: string;
  readonly seconds: number;
}

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 24 * 3600, w: 7 * 24 * 3600 };

export function addStoreGc(store: Command, context: CliContext): void {
  addWorkspaceOptions(store.command('gc'))
    .summary('empty the trash, and remove snapshots that no run names')
    .description(
      'Removes for good what is in the trash (runs, versions of models, what repairs took out), and snapshots of code that nothing ' +
        'names any more: neither a run, nor one that stays in the trash, nor a published pipeline. A snapshot that was made or used within ' +
        'the last day stays.',
    )
    .option('--older-than <age>', 'only what was deleted at least so long ago, as 30d, 12h or 1d12h', age)
    .option('--dry-run', 'show what would be removed, and remove nothing')
    .option('-y, --yes', 'do not ask; needed where there is no terminal to ask on')
    .addHelpText(
      'after',
      `
JSON (-o json): {workspace, dryRun, runs, models, repairs, snapshots, bytes, youngerInTrash, youngerSnapshots, failures}: how many were
removed, or with --dry-run would be; how many stay because they are younger; and what could not be removed, as sentences, after which
the exit code is 1.

Example:
  runledger store gc --older-than 30d --dry-run`,
    )
    .action(async (options: Options, command: Command) => {
      const { folder } = await chosenWorkspace(context, options);
      const progress = new ProgressLine(context.stderr);
      const onProgress = ({ message, fraction }: { message: string; fraction: number }): void =>
        progress.show(message, fraction);
      const plan = await interruptible(context, (signal) =>
        planGarbage(folder, { olderThanSeconds: options.olderThan?.seconds ?? 0, onProgress, signal }),
      ).finally(() => progress.clear());
      const isRemoving = options.dryRun !== true && plan.items.length > 0;
      if (isRemoving) {
        if (outputFormat(command) === 'table') {
          writeLine(context.stderr, `${describe(plan.items)}, ${bytesText(plan.bytes)}.`);
        }
        await confirm(context, 'Remove this for good?', options.yes);
      }
      const result: GarbageResult = isRemoving
        ? await interruptible(context, (signal) => removeGarbage(plan, { onProgress, signal })).finally(() =>
            progress.clear(),
          )
        : { removed: [], bytes: 0, failures: [] };
      const shown = options.dryRun === true ? { ...result, removed: plan.items, bytes: plan.bytes } : result;
      const failures = [...result.failures, ...(plan.whyNoSnapshots === undefined ? [] : [noSnapshots(plan)])];
      writeItem(context, command, garbageJson(plan, shown, options.dryRun === true, failures), () =>
        garbageText(plan, shown, options, failures),
      );
      if (failures.length > 0) {
        context.setExitCode(1);
      }
    });
}

function age(text: string): Age {
  const parts = [...text.matchAll(/(\d+)([smhdw])/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) {
    throw new InvalidArgumentError('It must be an age, as 30d, 12h or 1d12h (s, m, h, d, w).');
  }
  const seconds = parts.reduce((sum, [, count, unit]) => sum + Number(count) * (unitSeconds[unit ?? ''] ?? 0), 0);
  return { text, seconds };
}

function count(items: readonly GarbageItem[], kind: GarbageKind): number {
  return items.filter((item) => item.kind === kind).length;
}

function garbageJson(plan: GarbagePlan, result: GarbageResult, dryRun: boolean, failures: readonly string[]): object {
  const { removed, bytes } = result;
  return {
    workspace: plan.workspaceFolder,
    dryRun,
    runs: count(removed, 'run'),
    models: count(removed, 'model'),
    repairs: count(removed, 'repair'),
    snapshots: count(removed, 'snapshot'),
    bytes,
    youngerInTrash: plan.youngerInTrash,
    youngerSnapshots: plan.youngerSnapshots,
    failures,
  };
}

function describe(items: readonly GarbageItem[]): string {
  const kinds: readonly (readonly [GarbageKind, string])[] = [
    ['run', 'runs'],
    ['model', 'versions of models'],
    ['repair', 'what repairs took out'],
    ['remains', 'what was half removed'],
    ['snapshot', 'snapshots'],
  ];
  const parts = kinds.flatMap(([kind, text]) => {
    const number = count(items, kind);
    return number === 0 ? [] : [`${text}: ${number}`];
  });
  return parts.join(', ');
}

function garbageText(
  plan: GarbagePlan,
  { removed, bytes }: GarbageResult,
  { olderThan, dryRun }: Options,
  failures: readonly string[],
): string {
  const lines: string[] = [];
  if (removed.length === 0) {
    lines.push('Nothing to remove.');
  } else {
    lines.push(`${dryRun === true ? 'Would remove' : 'Removed'} ${describe(removed)}.`);
    lines.push(`${dryRun === true ? 'That would free' : 'Freed'} ${bytesText(bytes)}.`);
  }
  if (plan.youngerInTrash > 0) {
    lines.push(`In the trash for less than ${olderThan?.text ?? ''}: ${plan.youngerInTrash} stay.`);
  }
  if (plan.youngerSnapshots > 0) {
    lines.push(`Snapshots that nothing names, made or used within a day: ${plan.youngerSnapshots} stay.`);
  }
  return [...lines, ...failures.map(oneLine)].join('\n');
}

function noSnapshots({ whyNoSnapshots }: GarbagePlan): string {
  return `No snapshot was removed: ${whyNoSnapshots ?? ''}`;
}
