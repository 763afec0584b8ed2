import type { Benchmark } from './benchmark.ts';
import { catalogMemory } from './catalogMemory.ts';
import { filteredRuns } from './filteredRuns.ts';
import { localSubmission } from './localSubmission.ts';
import { pythonLogging } from './pythonLogging.ts';
import { pythonStart } from './pythonStart.ts';
import { pythonWriters } from './pythonWriters.ts';
import { runPage } from './runPage.ts';
import { runReading } from './runReading.ts';
import { runsTable } from './runsTable.ts';
import { seriesCharts } from './seriesCharts.ts';
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
  catalogMemory,
  localSubmission,
];
