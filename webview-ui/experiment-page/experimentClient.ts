import type {
  ExperimentModel,
  ExperimentPageAction,
  ExperimentPageRequests,
  ExperimentPageState,
  ExperimentPageToHost,
  HostToExperimentPage,
  LayoutModel,
} from '../../src/protocol/experimentPage.ts';
import { RequestClient } from '../shared/requests.ts';
import { acquireApi } from '../shared/vscodeApi.ts';

export type ExperimentChange = Extract<HostToExperimentPage, { type: 'changed' }>;

export interface ExperimentListener {
  model(model: ExperimentModel): void;
  changed(change: ExperimentChange): void;
  views(views: readonly string[]): void;
  gone(message: string): void;
}

/** The page's side of the conversation with the host. */
export class ExperimentClient {
  readonly #api = acquireApi<ExperimentPageState>();
  readonly #requests = new RequestClient<ExperimentPageRequests>((message) => this.#api.postMessage(message));
  readonly #listener: ExperimentListener;

  constructor(listener: ExperimentListener) {
    this.#listener = listener;
    window.addEventListener('message', (event: MessageEvent<HostToExperimentPage>) => this.#receive(event.data));
  }

  start(): void {
    this.#post({ type: 'ready' });
  }

  request<M extends keyof ExperimentPageRequests>(
    method: M,
    params: ExperimentPageRequests[M]['params'],
    signal?: AbortSignal,
  ): Promise<ExperimentPageRequests[M]['result']> {
    return this.#requests.request(method, params, signal);
  }

  act(action: ExperimentPageAction): void {
    this.#post({ type: 'action', ...action });
  }

  rememberLayout(layout: LayoutModel): void {
    this.#post({ type: 'layout', layout });
  }

  #post(message: ExperimentPageToHost): void {
    this.#api.postMessage(message);
  }

  #receive(message: HostToExperimentPage): void {
    switch (message.type) {
      case 'model':
        this.#api.setState(message.restore);
        this.#listener.model(message.model);
        return;
      case 'changed':
        this.#listener.changed(message);
        return;
      case 'views':
        this.#listener.views(message.views);
        return;
      case 'response':
        this.#requests.settle(message);
        return;
      case 'gone':
        this.#listener.gone(message.message);
        return;
      default:
        // A newer host may say more than this page knows.
        message satisfies never;
    }
  }
}
