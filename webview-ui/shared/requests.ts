/** Requests of a page by name, with what each takes and answers. */
export type RequestMap<R> = { [M in keyof R]: { params: unknown; result: unknown } };

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

export type RequestAnswer =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string };

/** Gives each request its id and matches the answers to them. */
export class RequestClient<R extends RequestMap<R>> {
  readonly #waiting = new Map<number, Waiting>();
  readonly #send: (message: { type: 'request'; id: number; method: keyof R; params: unknown }) => void;
  #nextId = 1;

  constructor(send: (message: { type: 'request'; id: number; method: keyof R; params: unknown }) => void) {
    this.#send = send;
  }

  /** Rejects with the host's sentence where the host answers with an error. */
  request<M extends keyof R>(method: M, params: R[M]['params']): Promise<R[M]['result']> {
    const id = this.#nextId++;
    const answer = new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
    });
    this.#send({ type: 'request', id, method, params });
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
