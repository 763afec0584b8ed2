import path from 'node:path';
import { checkPackage } from '../support/packageContents.ts';
import { rootFolder } from '../support/paths.ts';
import { runTask, TaskError } from '../support/taskError.ts';
import { buildPackage } from '../support/vsix.ts';

/** `npm run package`: runledger-<version>.vsix, its contents checked. */
await runTask(async () => {
  const file = await buildPackage();
  const problems = await checkPackage(file);
  if (problems.length > 0) {
    throw new TaskError(`${path.relative(rootFolder, file)} is not as it should be:\n  ${problems.join('\n  ')}`);
  }
  console.log(`Packed ${path.relative(rootFolder, file)}.`);
  return 0;
});
