/** The part of VS Code's `Memento` that is used, so that this file needs no VS Code. */
export interface ChoiceStorage {
  get<T>(key: string): T | undefined;
  update(key: string, value: unknown): PromiseLike<void>;
}

/** How a script was submitted last. */
export interface SubmissionChoices {
  readonly experiment?: string;
  readonly runConfiguration?: string;
  /** As one line. */
  readonly argumentLine?: string;
}

const storageKey = 'runledger.submissionChoices';

/** Scripts remembered: the oldest are forgotten, so that the storage stays small. */
const mostScripts = 200;

/** Remembers for each script how it was submitted, most recent last. */
export class RememberedChoices {
  private readonly storage: ChoiceStorage;

  constructor(storage: ChoiceStorage) {
    this.storage = storage;
  }

  of(scriptPath: string): SubmissionChoices {
    return this.all().find(([path]) => path === scriptPath)?.[1] ?? {};
  }

  /** Replaces the choices that are given and keeps the others. */
  async remember(scriptPath: string, choices: SubmissionChoices): Promise<void> {
    const others = this.all().filter(([path]) => path !== scriptPath);
    const merged = { ...this.of(scriptPath), ...choices };
    await this.storage.update(storageKey, [...others, [scriptPath, merged]].slice(-mostScripts));
  }

  private all(): readonly (readonly [string, SubmissionChoices])[] {
    const value = this.storage.get<unknown>(storageKey);
    if (!Array.isArray(value)) {
      return [];
    }
    return value.flatMap((item: unknown) => {
      if (!Array.isArray(item) || typeof item[0] !== 'string' || typeof item[1] !== 'object' || item[1] === null) {
        return [];
      }
      return [[item[0], choicesOf(item[1])] as const];
    });
  }
}

function choicesOf(value: object): SubmissionChoices {
  const text = (key: keyof SubmissionChoices): string | undefined => {
    const field: unknown = (value as Readonly<Record<string, unknown>>)[key];
    return typeof field === 'string' ? field : undefined;
  };
  const experiment = text('experiment');
  const runConfiguration = text('runConfiguration');
  const argumentLine = text('argumentLine');
  return {
    ...(experiment === undefined ? {} : { experiment }),
    ...(runConfiguration === undefined ? {} : { runConfiguration }),
    ...(argumentLine === undefined ? {} : { argumentLine }),
  };
}
