import type { Benchmark } from './benchmark.ts';
import { filteredRuns } from './filteredRuns.ts';
import { hostMemory } from './hostMemory.ts';
import { languageServer } from './languageServer.ts';
import { livePixels } from './livePixels.ts';
import { localSubmission } from './localSubmission.ts';
import { pythonHints } from './pythonHints.ts';
import { pythonLogging } from './pythonLogging.ts';
import { pythonStart } from './pythonStart.ts';
import { pythonWriters } from './pythonWriters.ts';
import { runPage } from './runPage.ts';
import { runReading } from './runReading.ts';
import { runsTable } from './runsTable.ts';
import { seriesCharts } from './seriesCharts.ts';
import { slurmSubmission } from './slurmSubmission.ts';
import { sshSubmission } from './sshSubmission.ts';
import { storeIndexing } from './storeIndexing.ts';

/** In the order in which they are run and shown. */
export const benchmarks: readonly Benchmark[] = [
  pythonLogging,
  pythonStart,
  pythonWriters,
  runReading,
  storeIndexing,
  filteredRuns,
  runsTable,
  seriesCharts,
  runPage,
  livePixels,
  hostMemory,
  localSubmission,
  sshSubmission,
  slurmSubmission,
  pythonHints,
  languageServer,
];
