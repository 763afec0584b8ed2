import { CoalescedTask } from '../../core/base/coalesce.ts';
import { RunledgerError } from '../../core/base/errors.ts';
import type { Disposable } from '../../core/base/events.ts';
import type { RunCatalog } from '../../core/catalog/runCatalog.ts';
import type { RunDetails } from '../../core/domain/run.ts';
import type { CodeChangeModel, ComparePageRequest, HostToComparePage } from '../../protocol/comparePage.ts';
import { toSeriesModel } from '../experiment-page/experimentPageMapping.ts';
import { PageAnswers } from '../pages/pageAnswers.ts';
import { errorSentence, reportDefect } from '../pages/pageErrors.ts';
import { type ComparedRun, comparedRows, compareModel } from './compareModel.ts';

/** Runs that go on change many times a second. */
const changeIntervalMs = 1000;

export interface CompareSessionOptions {
  readonly catalog: RunCatalog;
  readonly runIds: readonly string[];
  readonly post: (message: HostToComparePage) => void;
  /** Places in the series colours that runs have on the page of their experiment, by their ids. */
  readonly slots: (runs: readonly RunDetails[]) => ReadonlyMap<string, number>;
  /** Given a run's folder, how the page addresses an artifact. */
  readonly artifactUri: (runFolder: string) => (path: string) => string | undefined;
  /** Which files differ between the code of two runs. */
  readonly codeChanges: (left: string, right: string) => Promise<readonly CodeChangeModel[]>;
  readonly onRuns: (runs: readonly RunDetails[]) => void;
  readonly onError: (error: unknown) => void;
}

/** The host's half of a comparison, without VS Code. Nothing is sent while the page is hidden. */
export class CompareSession implements Disposable {
  private readonly options: CompareSessionOptions;
  private ids: readonly string[];
  private subscription: Disposable | undefined;
  private readonly answers: PageAnswers;
  private readonly tell: CoalescedTask;
  private generation = 0;

  constructor(options: CompareSessionOptions) {
    this.options = options;
    this.answers = new PageAnswers(options.post, options.onError);
    this.ids = options.runIds;
    this.tell = new CoalescedTask(() => this.send(), changeIntervalMs);
  }

  get runIds(): readonly string[] {
    return this.ids;
  }

  /** The page said `ready`. */
  async start(): Promise<void> {
    this.pause();
    this.subscription = this.options.catalog.onDidChange((change) => {
      const id =
        change.kind === 'run-changed'
          ? change.entry.id
          : change.kind === 'run-recorded' || change.kind === 'run-removed'
            ? change.runId
            : undefined;
      if (id !== undefined && this.ids.includes(id)) {
        this.tell.schedule();
      }
    });
    await this.send();
  }

  pause(): void {
    this.generation += 1;
    this.subscription?.dispose();
    this.subscription = undefined;
    this.answers.cancelAll();
  }

  /** Compares other runs. */
  async setRuns(runIds: readonly string[]): Promise<void> {
    this.ids = [...new Set(runIds)];
    await this.send();
  }

  async answer(request: ComparePageRequest): Promise<void> {
    await this.answers.answer(request.id, (signal) => this.resultOf(request, signal));
  }

  cancel(requestId: number): void {
    this.answers.cancel(requestId);
  }

  dispose(): void {
    this.pause();
    this.tell.dispose();
  }

  private async resultOf(request: ComparePageRequest, signal: AbortSignal): Promise<unknown> {
    const { catalog, codeChanges } = this.options;
    switch (request.method) {
      case 'series':
        return toSeriesModel(await catalog.series(request.params, signal));
      case 'table':
        return comparedRows(await catalog.table(request.params.runId, request.params.metric));
      case 'codeChanges':
        return await codeChanges(request.params.left, request.params.right);
    }
  }

  private async send(): Promise<void> {
    const { generation, ids } = this;
    const isWanted = (): boolean => generation === this.generation && ids === this.ids;
    const { catalog, post, slots, artifactUri, onRuns } = this.options;
    try {
      const found = (await Promise.all(ids.map((id) => this.details(id)))).filter((run) => run !== undefined);
      if (!isWanted()) {
        return;
      }
      if (found.length === 0) {
        post({ type: 'gone', message: 'None of these runs is there any more.' });
        return;
      }
      onRuns(found);
      const taken = slots(found);
      const free = freeSlots(new Set(taken.values()));
      const runs = found.map(
        (details): ComparedRun => ({
          details,
          slot: taken.get(details.summary.id) ?? free.next().value ?? 0,
          artifactUri: artifactUri(details.folder),
        }),
      );
      const runIds = found.map(({ summary }) => summary.id);
      post({
        type: 'model',
        model: compareModel(runs),
        restore: { workspaceFolder: catalog.workspace.folder, runIds },
      });
    } catch (error) {
      if (isWanted()) {
        post({ type: 'gone', message: errorSentence(error) });
        reportDefect(error, this.options.onError);
      }
    }
  }

  /** A run that was deleted meanwhile is left out. */
  private async details(runId: string): Promise<RunDetails | undefined> {
    try {
      return await this.options.catalog.details(runId);
    } catch (error) {
      if (RunledgerError.is(error, 'not-found') || RunledgerError.is(error, 'unreadable')) {
        return undefined;
      }
      throw error;
    }
  }
}

function* freeSlots(taken: ReadonlySet<number>): Generator<number> {
  for (let slot = 0; ; slot += 1) {
    if (!taken.has(slot)) {
      yield slot;
    }
  }
}
