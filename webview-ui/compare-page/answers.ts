/** What a section asks for when it is shown. */
export type Answer<T> =
  | { readonly kind: 'loading' }
  | { readonly kind: 'there'; readonly value: T }
  | { readonly kind: 'failed'; readonly message: string };

const loading = { kind: 'loading' } as const;

interface Question<T> {
  readonly version: number;
  readonly isAsked: boolean;
  readonly answer: Answer<T>;
}

/** Answers that were asked for once, by what they are about. What has another version since is asked for again. */
export class Answers<T> {
  readonly #questions = new Map<string, Question<T>>();
  readonly #onAnswer: () => void;

  constructor(onAnswer: () => void) {
    this.#onAnswer = onAnswer;
  }

  /** What was there before stays until what is there now has come. What changes meanwhile is asked for after that. */
  get(key: string, version: number, ask: () => Promise<T>): Answer<T> {
    const known = this.#questions.get(key);
    if (known !== undefined && (known.isAsked || known.version === version)) {
      return known.answer;
    }
    const answer = known?.answer.kind === 'there' ? known.answer : loading;
    this.#questions.set(key, { version, isAsked: true, answer });
    const keep = (found: Answer<T>): void => {
      this.#questions.set(key, { version, isAsked: false, answer: found });
      this.#onAnswer();
    };
    ask().then(
      (value) => keep({ kind: 'there', value }),
      (error: unknown) => keep({ kind: 'failed', message: error instanceof Error ? error.message : String(error) }),
    );
    return answer;
  }
}
