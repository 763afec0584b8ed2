import process from 'node:process';
import { runCommand } from '../support/childProcess.ts';
import { rootFolder } from '../support/paths.ts';
import { biomeFile } from '../support/sourceChecks.ts';
import { runTask } from '../support/taskError.ts';

/** `npm run format [-- files]`: formats, sorts imports and applies the fixes of the linter that are safe. */
await runTask(async () => {
  const files = process.argv.slice(2);
  return runCommand(process.execPath, [biomeFile(), 'check', '--write', ...files], { cwd: rootFolder });
});
