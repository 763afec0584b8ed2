import type {
  HostToModelPage,
  ModelPageAction,
  ModelPageModel,
  ModelPageRequests,
  ModelPageState,
  ModelPageToHost,
} from '../../src/protocol/modelPage.ts';
import type { AnnotateParams } from '../../src/protocol/runPage.ts';
import type { Annotator } from '../shared/annotator.ts';
import { leaveMark } from '../shared/marks.ts';
import { RequestClient } from '../shared/requests.ts';
import { acquireApi } from '../shared/vscodeApi.ts';

export interface ModelSessionListener {
  modelChanged(): void;
  versionWanted(version: number): void;
}

/** The page's side of the conversation with the host: keeps the model, and which version is shown. */
export class ModelSession {
  readonly #api = acquireApi<ModelPageState>();
  readonly #requests = new RequestClient<ModelPageRequests>((message) => this.#api.postMessage(message));
  readonly #listener: ModelSessionListener;
  #model: ModelPageModel | undefined;
  #gone: string | undefined;
  #restore: { workspaceFolder: string; modelKey: string } | undefined;
  #version: number | undefined;

  constructor(listener: ModelSessionListener) {
    this.#listener = listener;
    this.#version = this.#api.getState()?.version;
    window.addEventListener('message', (event: MessageEvent<HostToModelPage>) => this.#receive(event.data));
  }

  get model(): ModelPageModel | undefined {
    return this.#model;
  }

  /** The sentence to show in place of a model that is no more. */
  get gone(): string | undefined {
    return this.#gone;
  }

  /** The version that was shown last; undefined where none was yet. */
  get version(): number | undefined {
    return this.#version;
  }

  start(): void {
    this.#post({ type: 'ready' });
  }

  rememberVersion(version: number): void {
    this.#version = version;
    this.#saveState();
  }

  act(action: ModelPageAction): void {
    this.#post({ type: 'action', ...action });
  }

  /** Records what is changed on a version. */
  annotatorOf(version: number): Annotator {
    return {
      request: (method, { displayName: _none, ...params }: AnnotateParams) =>
        this.#requests.request(method, { version, ...params }),
    };
  }

  #post(message: ModelPageToHost): void {
    this.#api.postMessage(message);
  }

  #receive(message: HostToModelPage): void {
    leaveMark('runledger:message', { type: message.type, bytes: undefined });
    switch (message.type) {
      case 'model':
        // What is known of runs comes a little later: until then what was known stays.
        this.#model = message.model.hasRuns ? message.model : withKnownRuns(message.model, this.#model);
        this.#gone = undefined;
        this.#restore = message.restore;
        this.#saveState();
        this.#listener.modelChanged();
        return;
      case 'response':
        this.#requests.settle(message);
        return;
      case 'showVersion':
        this.#listener.versionWanted(message.version);
        return;
      case 'gone':
        this.#gone = message.message;
        this.#listener.modelChanged();
        return;
      default:
        // A newer host may say more than this page knows.
        message satisfies never;
    }
  }

  #saveState(): void {
    if (this.#restore !== undefined) {
      this.#api.setState({ ...this.#restore, ...(this.#version !== undefined && { version: this.#version }) });
    }
  }
}

function withKnownRuns(model: ModelPageModel, known: ModelPageModel | undefined): ModelPageModel {
  const runs = new Map(
    known?.versions.flatMap((version) =>
      version.kind === 'version' && version.run !== undefined ? [[version.run.id, version.run] as const] : [],
    ),
  );
  const versions = model.versions.map((version) => {
    const run = version.kind === 'version' && version.runId !== undefined ? runs.get(version.runId) : undefined;
    return run === undefined ? version : { ...version, run };
  });
  return { ...model, versions, hasRuns: known?.hasRuns ?? false };
}
