import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { benchmarks } from '../bench/benchmarks.ts';
import type { Figure } from '../bench/figure.ts';
import { documentFigures, figuresFile, figuresPage, keepFigures, tableOf } from '../bench/report.ts';
import { rootFolder } from '../support/paths.ts';
import { runTask, TaskError } from '../support/taskError.ts';

/**
 * `npm run bench [-- <name>…]`: each thing beside what others take for it, or beside its limit, measured in the same run.
 * `npm run bench -- --document` puts what was found last into docs/performance.md.
 */
await runTask(async () => {
  const { positionals, values } = parseArgs({
    args: process.argv.slice(2),
    allowPositionals: true,
    options: { document: { type: 'boolean', default: false } },
  });
  const names = benchmarks.map(({ name }) => name);
  const unknown = positionals.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    throw new TaskError(`There is no benchmark ${unknown.join(', ')}. There are: ${names.join(', ')}.`);
  }
  if (values.document && positionals.length === 0) {
    await documentFigures(benchmarks);
    console.log(`Written to ${path.relative(rootFolder, figuresPage)}.`);
    return 0;
  }
  const load = os.loadavg()[0] ?? 0;
  if (load > os.availableParallelism() / 4) {
    console.log(`This machine is busy (load ${load.toFixed(1)}): times and ratios will be off.`);
  }
  const missed: Figure[] = [];
  for (const benchmark of benchmarks) {
    if (positionals.length > 0 && !positionals.includes(benchmark.name)) {
      continue;
    }
    console.log(`\n${benchmark.name}: ${benchmark.about}\n`);
    const folder = await mkdtemp(path.join(os.tmpdir(), 'runledger-bench-'));
    try {
      const figures = await benchmark.run({ folder, say: (text) => console.log(text) });
      await keepFigures(benchmark.name, figures);
      console.log(`\n${tableOf(figures)}`);
      missed.push(...figures.filter(({ isMet }) => isMet === false));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  console.log(`\nWritten to ${path.relative(rootFolder, figuresFile)}.`);
  for (const { what, against, aim } of missed) {
    console.log(`Not met: ${what}, beside ${against}: ${aim}.`);
  }
  return 0;
});
