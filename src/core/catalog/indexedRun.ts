/** One run as the index has it. */
import { pathExists } from '../base/pathExists.ts';
import type { RunDetails, RunSummary } from '../domain/run.ts';
import { isTerminal } from '../domain/runStatus.ts';
import type { MetricMark, RunIndex } from '../run-index/runIndex.ts';
import type { IndexedRunState } from '../run-index/runIngestion.ts';
import { mostMetrics } from '../run-index/seriesBatch.ts';
import { derivedState, detailsOfRun, summaryOfRun } from '../store/runDescription.ts';
import { childrenFolder } from '../store/storeLayout.ts';
import type { RunDelta } from './runCatalog.ts';

type ReadableState = Extract<IndexedRunState, { kind: 'run' }>;

export class IndexedRun {
  readonly folder: string;
  readonly state: ReadableState;
  private readonly runId: string;
  private readonly index: RunIndex;

  constructor(index: RunIndex, runId: string, folder: string, state: ReadableState) {
    this.index = index;
    this.runId = runId;
    this.folder = folder;
    this.state = state;
  }

  /** Whether the run goes on as far as its journals say: its processes are worth a look now and then. */
  get isOpen(): boolean {
    return !isTerminal(this.state.fold.status.status);
  }

  /** Differs when what is told of the run beside its state and metrics does. */
  get annotationsRevision(): string {
    const { run, fold, unreadableJournals, leftOut } = this.state;
    return [
      run,
      fold.annotationRevision,
      fold.lineProblemCount + unreadableJournals,
      this.index.unusedRecords(run),
      leftOut,
    ].join('.');
  }

  /** Grows with each line that is read, by whomever. */
  get currentRevision(): number | undefined {
    const now = this.index.find(this.runId);
    return now?.kind === 'run' ? now.revision : undefined;
  }

  async summary(): Promise<RunSummary> {
    const { fold, record, experimentKey } = this.state;
    let current = fold;
    if (this.isOpen && (await derivedState(fold)).status !== fold.status.status) {
      // The process may have recorded its end between our reading and its death.
      await this.index.refresh(experimentKey, this.runId);
      const now = this.index.find(this.runId);
      current = now?.kind === 'run' ? now.fold : fold;
    }
    const hasChildren = await pathExists(childrenFolder(this.folder));
    return summaryOfRun({ record, experimentKey, hasChildren }, current, await derivedState(current));
  }

  async details(): Promise<RunDetails> {
    const summary = await this.summary();
    const { record, fold, run, unreadableJournals, leftOut } = this.state;
    const { summaries, problemCount } = this.index.metrics(run);
    const metrics = { summaries, problemCount: problemCount + unreadableJournals };
    const details = detailsOfRun(summary, { record, folder: this.folder }, fold, metrics);
    return leftOut === 0 ? details : { ...details, warnings: [...details.warnings, tooManyMetrics(leftOut)] };
  }

  mark(): MetricMark {
    return this.index.mark(this.state.run, this.state.revision);
  }

  since(mark: MetricMark): Pick<RunDelta, 'metrics' | 'points'> {
    return this.index.since(mark, this.state.run);
  }
}

function tooManyMetrics(leftOut: number): string {
  const [most, count] = [mostMetrics, leftOut].map((number) => number.toLocaleString('en'));
  return (
    `Only the first ${most} metrics of the run are shown; ${count} ${leftOut === 1 ? 'record' : 'records'} of others were left out. ` +
    'All are in the journals of the run, from which get_metrics() reads them in Python.'
  );
}
