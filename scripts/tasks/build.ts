import process from 'node:process';
import { parseArgs } from 'node:util';
import { type BuildMode, buildProduct } from '../support/bundles.ts';
import { runTask } from '../support/taskError.ts';

/** `npm run build [-- --mode package]`: dist/, with source maps unless it is for the package. */
await runTask(async () => {
  const { values } = parseArgs({ args: process.argv.slice(2), options: { mode: { type: 'string' } } });
  const mode: BuildMode = values.mode === 'package' ? 'package' : 'development';
  const started = performance.now();
  await buildProduct(mode);
  console.log(`Built dist/ (${mode}) in ${Math.round(performance.now() - started)} ms.`);
  return 0;
});
