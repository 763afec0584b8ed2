import type { Command } from 'commander';
import { cleanCachedEnvironments, listCachedEnvironments } from '../../core/environments/cachedEnvironments.ts';
import type { CliContext } from '../context.ts';
import { wholeNumber } from '../numbers.ts';
import { writeItem, writeList } from '../output.ts';
import { bytesText, momentText, oneLine } from '../text.ts';

const usualDays = 30;
const secondsPerDay = 86_400;

/** The environments that were made for packages, which all workspaces share. */
export function addEnvironmentCache(environment: Command, context: CliContext): void {
  const cache = environment.command('cache').summary('list and remove the environments that were made for packages');
  addList(cache, context);
  addClean(cache, context);
}

function addList(cache: Command, context: CliContext): void {
  cache
    .command('list')
    .summary('list the environments of the cache')
    .description('Lists the environments that were made for the packages of run configurations, those used last first.')
    .addHelpText(
      'after',
      '\nJSON (-o json): an array of {key, python, packages, bytes, lastUsedTime (ISO 8601, UTC), isWhole, folder}.\n\nExample:\n  runledger environment cache list',
    )
    .action(async (_options: object, command: Command) => {
      const found = await listCachedEnvironments();
      writeList(context, command, {
        items: found.map(({ key, base, packages, bytes, lastUsedTime, isWhole, folder }) => ({
          key,
          python: base?.version ?? null,
          packages,
          bytes,
          lastUsedTime: new Date(lastUsedTime * 1000).toISOString(),
          isWhole,
          folder,
        })),
        columns: ['key', 'python', 'bytes', 'lastUsedTime', 'folder'],
        headings: ['Environment', 'Python', 'Size', 'Used', 'Packages'],
        rows: () =>
          found.map(({ key, base, packages, bytes, lastUsedTime, isWhole }) => [
            key,
            base?.version ?? '',
            bytesText(bytes),
            momentText(lastUsedTime),
            isWhole ? oneLine(packages.join(', ')) : 'not finished',
          ]),
        whenEmpty: 'No environments. One is made when a run needs packages that its interpreter lacks.',
      });
    });
}

function addClean(cache: Command, context: CliContext): void {
  cache
    .command('clean')
    .summary('remove environments that were not used for a while')
    .description('Removes environments of the cache. The next run that needs one makes it again. Those in use stay.')
    .option('--days <number>', `those that no run used for so many days (default: ${usualDays})`, wholeNumber)
    .option('--all', 'all that are not in use')
    .addHelpText(
      'after',
      '\nJSON (-o json): {removed: [key], busy: [key], bytes}.\n\nExample:\n  runledger environment cache clean --days 30',
    )
    .action(async (options: { readonly days?: number; readonly all?: boolean }, command: Command) => {
      const days = options.all === true ? 0 : (options.days ?? usualDays);
      const { removed, busy } = await cleanCachedEnvironments({
        unusedSince: Date.now() / 1000 - days * secondsPerDay,
      });
      const bytes = removed.reduce((total, entry) => total + entry.bytes, 0);
      const keys = (entries: typeof removed): readonly string[] => entries.map(({ key }) => key);
      writeItem(context, command, { removed: keys(removed), busy: keys(busy), bytes }, () =>
        [
          `Removed ${removed.length === 1 ? '1 environment' : `${removed.length} environments`}, ${bytesText(bytes)}.`,
          ...busy.map(({ key }) => `${key} is in use, and stays.`),
        ].join('\n'),
      );
    });
}
