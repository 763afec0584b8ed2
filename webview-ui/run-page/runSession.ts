import type { MetricsLayout } from '../../src/protocol/metricsLayout.ts';
import type {
  HostToRunPage,
  LogModel,
  MetricModel,
  RunPageAction,
  RunPageModel,
  RunPageRequests,
  RunPageState,
  RunPageTab,
  RunPageToHost,
} from '../../src/protocol/runPage.ts';
import type { SeriesAppendModel } from '../../src/protocol/series.ts';
import { leaveMark } from '../shared/marks.ts';
import { motion } from '../shared/motion.ts';
import { RequestClient } from '../shared/requests.ts';
import { acquireApi } from '../shared/vscodeApi.ts';
import { applyChildren, applyDelta } from './runModel.ts';

export interface TabToShow {
  readonly tab: RunPageTab;
  readonly path: string | undefined;
}

/** The page's side of the conversation with the host: keeps the model current and hands on what is new. */
export class RunSession {
  readonly #api = acquireApi<RunPageState>();
  readonly #requests = new RequestClient<RunPageRequests>((message) => this.#api.postMessage(message));
  readonly #onModel = new Set<() => void>();
  readonly #onPoints = new Map<string, Set<(points: SeriesAppendModel | undefined) => void>>();
  readonly #onReload = new Set<() => void>();
  readonly #onLog = new Set<(log: LogModel) => void>();
  readonly #onShowTab = new Set<(target: TabToShow) => void>();
  #model: RunPageModel | undefined;
  #version = -1;
  #isResyncing = false;
  #gone: string | undefined;
  #restore: { workspaceFolder: string; runId: string } | undefined;
  #tab: RunPageTab | undefined;
  #layout: MetricsLayout | undefined;

  constructor() {
    this.#tab = this.#api.getState()?.tab;
    window.addEventListener('message', (event: MessageEvent<HostToRunPage>) => this.#receive(event.data));
  }

  get model(): RunPageModel | undefined {
    return this.#model;
  }

  /** The sentence to show in place of a run that is no more. */
  get gone(): string | undefined {
    return this.#gone;
  }

  /** The one that was chosen last; undefined where none was yet. */
  get tab(): RunPageTab | undefined {
    return this.#tab;
  }

  /** How the Metrics tab looks in this experiment; undefined where nobody has arranged it. */
  get layout(): MetricsLayout | undefined {
    return this.#layout;
  }

  keepLayout(layout: MetricsLayout): void {
    this.#layout = layout;
    this.#post({ type: 'layout', layout });
  }

  start(): void {
    this.#post({ type: 'ready' });
  }

  rememberTab(tab: RunPageTab): void {
    this.#tab = tab;
    this.#saveState();
  }

  request<M extends keyof RunPageRequests>(
    method: M,
    params: RunPageRequests[M]['params'],
    signal?: AbortSignal,
  ): Promise<RunPageRequests[M]['result']> {
    return this.#requests.request(method, params, signal);
  }

  act(action: RunPageAction): void {
    this.#post({ type: 'action', ...action });
  }

  onModel(listener: () => void): () => void {
    return subscribe(this.#onModel, listener);
  }

  onLog(listener: (log: LogModel) => void): () => void {
    return subscribe(this.#onLog, listener);
  }

  onShowTab(listener: (target: TabToShow) => void): () => void {
    return subscribe(this.#onShowTab, listener);
  }

  /** The host sent everything anew: what was requested before is out of date. */
  onReload(listener: () => void): () => void {
    return subscribe(this.#onReload, listener);
  }

  /**
   * New points of a series. Undefined: it changed other than at its end, as when several processes log into it, and has to be
   * read again.
   */
  onPoints(metric: string, listener: (points: SeriesAppendModel | undefined) => void): () => void {
    const listeners = this.#onPoints.get(metric) ?? new Set();
    this.#onPoints.set(metric, listeners);
    return subscribe(listeners, listener);
  }

  #post(message: RunPageToHost): void {
    this.#api.postMessage(message);
  }

  #receive(message: HostToRunPage): void {
    this.#mark(message);
    switch (message.type) {
      case 'model': {
        const isReload = this.#model !== undefined;
        this.#model = message.model;
        this.#layout = message.layout;
        this.#version = message.version;
        this.#isResyncing = false;
        this.#gone = undefined;
        this.#restore = message.restore;
        this.#saveState();
        if (isReload) {
          this.#requests.rejectAll('The run was read anew.');
        }
        emit(this.#onModel, undefined);
        if (isReload) {
          emit(this.#onReload, undefined);
        }
        return;
      }
      case 'delta':
        if (this.#model === undefined || this.#isResyncing) {
          return;
        }
        if (message.baseVersion !== this.#version) {
          this.#isResyncing = true;
          this.#post({ type: 'resync' });
          return;
        }
        this.#version = message.version;
        this.#model = applyDelta(this.#model, message);
        this.#handOnPoints(message.points ?? [], message.metrics ?? []);
        if (message.state || message.annotations || message.metrics || message.files) {
          emit(this.#onModel, undefined);
        }
        return;
      case 'children':
        if (this.#model !== undefined) {
          this.#model = applyChildren(this.#model, message);
          emit(this.#onModel, undefined);
        }
        return;
      case 'log':
        emit(this.#onLog, message.log);
        return;
      case 'response':
        motion.run(() => this.#requests.settle(message));
        return;
      case 'gone':
        this.#gone = message.message;
        emit(this.#onModel, undefined);
        return;
      case 'showTab':
        emit(this.#onShowTab, { tab: message.tab, path: message.path });
        return;
      default:
        // A newer host may say more than this page knows.
        message satisfies never;
    }
  }

  #handOnPoints(series: readonly SeriesAppendModel[], metrics: readonly MetricModel[]): void {
    const changed = new Map<string, SeriesAppendModel | undefined>(metrics.map(({ name }) => [name, undefined]));
    for (const points of series) {
      changed.set(points.metric, points);
    }
    for (const [name, points] of changed) {
      emit(this.#onPoints.get(name) ?? noListeners, points);
    }
  }

  /** Leaves a trace that tests and the browser's profiler read. Only deltas are measured: they are small. */
  #mark(message: HostToRunPage): void {
    const bytes = message.type === 'delta' ? JSON.stringify(message).length : undefined;
    const metrics = message.type === 'delta' ? message.metrics?.map(({ name }) => name) : undefined;
    leaveMark('runledger:message', { type: message.type, bytes, metrics });
  }

  #saveState(): void {
    if (this.#restore !== undefined) {
      this.#api.setState({ ...this.#restore, ...(this.#tab !== undefined && { tab: this.#tab }) });
    }
  }
}

const noListeners: ReadonlySet<(points: SeriesAppendModel | undefined) => void> = new Set();

function subscribe<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function emit<T>(listeners: ReadonlySet<(value: T) => void>, value: T): void {
  for (const listener of [...listeners]) {
    listener(value);
  }
}
