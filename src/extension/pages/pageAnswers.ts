import { errorSentence, reportDefect } from './pageErrors.ts';

/** What a page gets for a request, by the request's id. */
type PageResponse =
  | { readonly type: 'response'; readonly id: number; readonly result: unknown }
  | { readonly type: 'response'; readonly id: number; readonly error: string };

/** Answers what a page asks: each request once, unless the page does not wait for it any more. */
export class PageAnswers {
  private readonly post: (response: PageResponse) => void;
  private readonly onError: (error: unknown) => void;
  private readonly waiting = new Map<number, AbortController>();

  /** @param onError told of what is not meant for a person */
  constructor(post: (response: PageResponse) => void, onError: (error: unknown) => void) {
    this.post = post;
    this.onError = onError;
  }

  async answer(id: number, work: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
    const stop = new AbortController();
    this.waiting.set(id, stop);
    try {
      const result = await work(stop.signal);
      if (!stop.signal.aborted) {
        this.post({ type: 'response', id, result });
      }
    } catch (error) {
      if (!stop.signal.aborted) {
        this.post({ type: 'response', id, error: errorSentence(error) });
        reportDefect(error, this.onError);
      }
    } finally {
      // A page that began anew counts its requests from the start.
      if (this.waiting.get(id) === stop) {
        this.waiting.delete(id);
      }
    }
  }

  /** The page does not wait for this one. */
  cancel(id: number): void {
    this.waiting.get(id)?.abort();
  }

  /** The page is hidden, or begins anew. */
  cancelAll(): void {
    for (const stop of this.waiting.values()) {
      stop.abort();
    }
  }
}
