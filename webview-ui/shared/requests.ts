/** Requests of a page by name, with what each takes and answers. */
export type RequestMap<R> = { [M in keyof R]: { params: unknown; result: unknown } };

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

export type RequestAnswer =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string };

/** What a page sends: a request, or that its answer is not needed any more. */
export type RequestMessage<R> =
  | { type: 'request'; id: number; method: keyof R; params: unknown }
  | { type: 'cancel'; id: number };

/** Gives each request its id and matches the answers to them. */
export class RequestClient<R extends RequestMap<R>> {
  readonly #waiting = new Map<number, Waiting>();
  readonly #send: (message: RequestMessage<R>) => void;
  #nextId = 1;

  constructor(send: (message: RequestMessage<R>) => void) {
    this.#send = send;
  }

  /**
   * Rejects with the host's sentence where the host answers with an error, and with the signal's reason where it stops the
   * request: the host is told, and need not go on.
   */
  request<M extends keyof R>(method: M, params: R[M]['params'], signal?: AbortSignal): Promise<R[M]['result']> {
    const id = this.#nextId++;
    const answer = new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
    });
    this.#send({ type: 'request', id, method, params });
    signal?.addEventListener(
      'abort',
      () => {
        const waiting = this.#waiting.get(id);
        if (waiting !== undefined) {
          this.#waiting.delete(id);
          this.#send({ type: 'cancel', id });
          waiting.reject(signal.reason);
        }
      },
      { once: true },
    );
    return answer;
  }

  /** The host began anew and will not answer what was asked before: everybody who waits is told. */
  rejectAll(reason: string): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) {
      reject(new Error(reason));
    }
  }

  settle(answer: RequestAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    if (waiting === undefined) {
      return;
    }
    this.#waiting.delete(answer.id);
    if ('error' in answer) {
      waiting.reject(new Error(answer.error));
    } else {
      waiting.resolve(answer.result);
    }
  }
}
